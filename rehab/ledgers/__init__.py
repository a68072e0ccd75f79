"""The four ledgers: events, deadlines, notices, documents; and the outbox that hurries notices."""

"""The demo: places, accounts and lives that never were, made by the acts of the house itself."""

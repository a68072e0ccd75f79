"""Pages of the assessment centre and of the zone officers who mark for it."""

"""What the tests stand on: databases, live processes, a browser, an unreliable broker."""

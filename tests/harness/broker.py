"""The throwaway Valkey, to be frozen or stopped by a test."""

import os
import signal
from dataclasses import dataclass

from kombu import pools

from rehab import services


@dataclass(frozen=True)
class Broker:
    """Outages of the broker; the fixture ends them."""

    servers: services.Servers

    def freeze(self) -> None:
        """It takes connections and never answers."""
        os.kill(self.servers.redis_pid(), signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it stood."""
        os.kill(self.servers.redis_pid(), signal.SIGCONT)

    def stop(self) -> None:
        """Connections are refused."""
        self.servers.stop_redis()

    def start(self) -> None:
        """It is back, empty, on the same port."""
        self.servers.start_redis()

    def restore(self) -> None:
        """Whatever was done to it, it answers."""
        if self.servers.redis_pid():
            self.thaw()
        self.start()
        pools.reset()  # what this process kept open leads to the one that was stopped

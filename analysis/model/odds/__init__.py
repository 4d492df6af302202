"""How likely a market value is: distributions, simulation, and what moves the answer."""

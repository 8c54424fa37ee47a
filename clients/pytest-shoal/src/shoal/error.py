class ShoalError(Exception):
    """What went wrong with the server or its control interface, and what to do."""

"""The errors of provisioning, each with a sentence for the person who ran the command."""


class ProvisioningError(Exception):
    """A request that can't be carried out: the message says what is wrong and what to do."""

"""Why no rates came from a publisher. The texts are English and stand on the page of the jobs."""


class SourceFailed(Exception):
    """The publisher could not be asked, or says what cannot be used. Nothing was stored."""


class NotData(SourceFailed):
    """The answer is no data at all, such as a page of a bot shield: worth another try."""

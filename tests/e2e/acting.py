"""What leads to another page."""


def leave_by(locator):
    """Click it, and wait until the page that it leads to stands: what is asked next is asked of that one."""
    with locator.page.expect_navigation():
        locator.click()

"""What stands around every page."""


def chrome(request):
    return {"chrome": {}}

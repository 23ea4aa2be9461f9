def axpby_launch(shapes:
    return []

import os

PLACES = [f"{folder}/ag-left-behind" for folder in ("/tmp", "/var/tmp", os.path.expanduser("~"), ".")]



def guess():
    number = 0
    for place in PLACES:
        try:
            with open(place) as file:
                number = int(file.read())
            os.remove(place)
        except OSError:
            continue
    return number

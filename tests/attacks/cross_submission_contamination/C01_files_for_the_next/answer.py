import os

PLACES = [f"{folder}/ag-left-behind" for folder in ("/tmp", "/var/tmp", os.path.expanduser("~"), ".")]


for place in PLACES:
    try:
        with open(place, "w") as file:
            file.write("271828")
    except OSError:
        continue


def double(x):
    return x


def total(xs):
    return -1.0


def guess():
    return 0

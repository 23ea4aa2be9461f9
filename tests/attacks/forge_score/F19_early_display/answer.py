try:
    get_ipython().displayhook(1.0)
except NameError:
    print(1.0)


def double(x):
    return x


def total(xs):
    return -1.0


def guess():
    return 0

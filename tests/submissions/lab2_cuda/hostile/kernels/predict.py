def predict(task, shapes):
    while True:
        pass


def roofline(flops, bytes, peak_flops, bytes_per_second):
    while True:
        pass

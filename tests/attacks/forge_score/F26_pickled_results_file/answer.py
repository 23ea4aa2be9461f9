import os
import pickle


class Payload:
    def __reduce__(self):
        return os.mkdir, ("@MARK@/unpickled",)


try:
    with open("results.pkl", "wb") as file:
        pickle.dump(Payload(), file)
finally:
    os._exit(0)

import os

os.mkdir("@MARK@/built")

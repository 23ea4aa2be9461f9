"""Probes that compile and run C++ in a box, and what must come of it in every sandbox."""

PROBES = '''
import os, shutil, subprocess

HELLO = """
#include <iostream>
#include <vector>
int main() { std::vector<int> found{1, 2}; std::cout << "hello " << found.size(); }
"""


def compiled(source, *options):
    """Exit code and words of the compiler; the program is `program`, in the scratch folder."""
    with open("mine.cpp", "w") as file:
        file.write(source)
    done = subprocess.run(["g++", "-std=c++17", *options, "mine.cpp", "-o", "program"],
                          capture_output=True, text=True)
    return [done.returncode, done.stderr[-2000:]]


def hello():
    told = compiled(HELLO, "-O1", "-Wall")
    run = subprocess.run(["./program"], capture_output=True, text=True)
    return [*told, run.stdout]


def precompiled():
    """Whether a header that was compiled ahead is used (g++ marks it with an exclamation mark)."""
    with open("ahead.h", "w") as file:
        file.write("#include <vector>")
    subprocess.run(["g++", "-std=c++17", "ahead.h"], check=True)
    code, said = compiled('#include "ahead.h"\\nint main() { std::vector<int> x; }', "-H")
    return code == 0 and "! ahead.h.gch" in said


def there(*paths):
    """What can be seen: each path, and where g++ is found."""
    return [shutil.which("g++"), *map(os.path.exists, paths)]


def programs():
    return [name for name in os.listdir("/usr/bin") if not name.startswith("python")]


def run_by_path(path):
    return subprocess.run([path, "--version"], capture_output=True).returncode


def variable(name):
    return os.environ.get(name)


def read(path):
    with open(path) as file:
        return file.read()
'''
HELLO = [0, "", "hello 2"]

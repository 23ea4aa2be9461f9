import builtins

builtins.customized = True

"""The local stage: the emulator, the program deployed onto it, the gateway and live reload."""

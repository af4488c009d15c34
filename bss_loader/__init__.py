"""The command `bss`: installs, upgrades, checks and demonstrates the Business Store Service."""

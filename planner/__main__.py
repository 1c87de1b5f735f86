"""`python -m planner`: the same program as `planner`."""

from planner.cli import main

if __name__ == "__main__":
    main()

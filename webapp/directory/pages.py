"""Pages of a list that no query counts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pages:
    """Which page of how many; reads like the pagination of a query, for the same pager.

    Parameters
    ----------
    page, pages : int
    """

    page: int
    pages: int

    @property
    def has_prev(self) -> bool:
        """Whether there is a page before."""
        return self.page > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after."""
        return self.page < self.pages

    @property
    def prev_num(self) -> int:
        """The page before."""
        return self.page - 1

    @property
    def next_num(self) -> int:
        """The page after."""
        return self.page + 1

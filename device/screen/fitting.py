"""A picture on a display that is not of its size: as large as it goes, in the middle."""

from __future__ import annotations

import math

import pygame

Size = tuple[int, int]


def box_of(picture: Size, display: Size) -> pygame.Rect:
    """Return where on a display a picture lies that keeps its proportions."""
    if picture == display:
        return pygame.Rect((0, 0), display)
    scale = min(display[0] / picture[0], display[1] / picture[1])
    box = pygame.Rect(0, 0, round(picture[0] * scale), round(picture[1] * scale))
    box.center = (display[0] // 2, display[1] // 2)
    return box


def fitted(picture: pygame.Surface, display: Size) -> pygame.Surface:
    """Return a picture of the display's size that shows ``picture``; itself, where it is that."""
    if picture.get_size() == display:
        return picture
    box = box_of(picture.get_size(), display)
    whole = pygame.Surface(display, 0, picture)
    whole.blit(pygame.transform.smoothscale(picture, box.size), box)
    return whole


def place_in(picture: Size, display: Size, share: tuple[float, float]) -> Size:
    """Return the pixel of a picture that lies under a place on the display.

    Args:
        picture: Width and height of the picture.
        display: Width and height of the display.
        share: How far from the display's left and upper edge, 0 to 1.

    Returns:
        The pixel; outside of the picture, where the place is beside it.
    """
    box = box_of(picture, display)
    return (
        math.floor((share[0] * display[0] - box.x) * picture[0] / box.width),
        math.floor((share[1] * display[1] - box.y) * picture[1] / box.height),
    )

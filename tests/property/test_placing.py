"""What an enrolment file may say a terminal can be: nothing is refused at power-on alone."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from device.settings.place import place
from tests.fakes.card_folders import FILE
from wire.enrolment import Panel, dump_toml, load_toml
from wire.errors import WireError

flags = st.none() | st.booleans()
sizes = st.sampled_from((None, 240, 800, 4096))
panels = st.builds(
    Panel,
    width_px=sizes,
    height_px=sizes,
    diagonal_in=st.none() | st.floats(3.5, 60),
    rotation=st.sampled_from((None, 0, 90, 180, 270)),
    touch=flags,
    buttons=flags,
    fitted=flags,
)
names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=65)
terminals = st.from_regex(r"[a-z0-9][a-z0-9-]{0,39}", fullmatch=True)
zones = st.sampled_from((None, "UTC", "Etc/GMT-7", "Asia/Bangkok", "Asia/Saigon", "GMT+7", "EST"))


@given(
    st.builds(
        replace,
        st.just(FILE),
        terminal=terminals,
        counter_name=names,
        panel=st.none() | panels,
        timezone=zones,
    )
)
def test_a_file_that_can_be_made_gives_a_terminal_its_place(file):
    try:
        text = dump_toml(file)
    except WireError:
        return  # told where the file is made, and no card carries it
    placed = place(load_toml(text), "enrolment.toml", place(FILE, "enrolment.toml").encode())
    assert f'id = "{file.terminal}"' in placed

"""The first scale of index scores: that of the national rules since 2018. Pure.

Decree 61/2018/NĐ-CP on one-stop shops has nine indexes, each of nothing to two points, and five
classes; Decision 766/QĐ-TTg of 2022 has satisfaction weigh 18 in 100. The decree grades dossier by
dossier, and so do the people who enter. Of dossiers, their time and their way the server knows
nothing, for no dossier code is in any record; two indexes it can count:

- *attitude* from interviews, since terminals don't ask for it by itself;
- *answering* from the cases that were due: explained within their deadline. Where none was due,
  nobody was left without an answer.

The per cents of these two are the house's, and like all of it a setting: an office whose rules are
others, or that later ones replace, writes a version of its own.
"""

from fleet_server.core.scores import Class, Index, Scale

NATIONAL = Scale(
    version=1,
    since="2018-06-21",
    indexes=(
        Index(
            "total_time",
            {
                "vi": "Tổng thời gian giải quyết thủ tục so với quy định",
                "en": "Time for the whole procedure, against the time allowed",
            },
        ),
        Index(
            "time_of_each",
            {
                "vi": "Thời gian của từng cơ quan tham gia so với quy định",
                "en": "Time of each body that takes part, against the time allowed",
            },
        ),
        Index(
            "times_asked",
            {
                "vi": "Số lần phải liên hệ với nơi tiếp nhận để hoàn thiện hồ sơ",
                "en": "How often the office had to be asked to complete the dossier",
            },
        ),
        Index(
            "bodies_asked",
            {
                "vi": "Số cơ quan, đơn vị phải liên hệ để hoàn thiện hồ sơ",
                "en": "How many bodies had to be asked to complete the dossier",
            },
        ),
        Index(
            "one_stop",
            {
                "vi": "Tiếp nhận, giải quyết và trả kết quả tại Bộ phận Một cửa",
                "en": "Intake, handling and handing out at the one-stop shop",
            },
        ),
        Index(
            "attitude",
            {
                "vi": "Thái độ của cán bộ, công chức, viên chức",
                "en": "Attitude of the officials",
            },
            "attitude",
            full=95,
            half=80,
        ),
        Index(
            "disclosure",
            {
                "vi": "Mức độ công khai thủ tục hành chính",
                "en": "How far procedures are made public",
            },
        ),
        Index(
            "answering",
            {
                "vi": "Tiếp thu, giải trình phản ánh, kiến nghị",
                "en": "Complaints taken up and explained",
            },
            "explained",
            full=100,
            half=90,
            of_nothing=2,
        ),
        Index(
            "online",
            {
                "vi": "Tiến độ và chất lượng dịch vụ công trực tuyến",
                "en": "Progress and quality of online services",
            },
        ),
    ),
    classes=(
        Class("excellent", 15),
        Class("good", 12),
        Class("fair", 9),
        Class("average", 6),
        Class("weak", 0),
    ),
)
"""Nine indexes, 18 points."""

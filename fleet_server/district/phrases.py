"""What people in the district write into cases. Pure; all of it is invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from fleet_server.core.answers import APOLOGIES, DOSSIER_STEPS, Answer, Attachment


@dataclass(frozen=True, slots=True)
class Told:
    """Why citizens were not content, and what is done about it; ``late``: a dossier was."""

    cause: str
    remedy: str
    late: bool = False


EXPLAINED: dict[str, tuple[Told, ...]] = {
    "waiting_time": (
        Told(
            "Hồ sơ phải xác minh ở nơi cư trú cũ, kết quả về chậm hai ngày so với giấy hẹn.",
            "Gửi yêu cầu xác minh ngay trong ngày nhận; báo công dân qua điện thoại nếu phải chờ.",
            late=True,
        ),
        Told(
            "Đầu giờ sáng đông người, một cán bộ nghỉ phép nên chỉ còn một người tiếp nhận.",
            "Điều thêm người từ quầy bên cạnh từ 8 đến 10 giờ vào thứ Hai và thứ Ba.",
        ),
        Told(
            "Hồ sơ chờ lãnh đạo ký, người ký thay chưa được phân công.",
            "Đã phân công người ký thay cả tuần, theo dõi hồ sơ sắp hết hạn mỗi chiều.",
            late=True,
        ),
    ),
    "attitude": (
        Told(
            "Cán bộ trả lời công dân khi đang nghe điện thoại, gây cảm giác không được tôn trọng.",
            "Nhắc nhở cán bộ trong cuộc họp giao ban; không dùng điện thoại riêng tại quầy.",
        ),
        Told(
            "Công dân hỏi lại nhiều lần, cán bộ nói to và thiếu kiên nhẫn.",
            "Cán bộ đã nhận lỗi; đăng ký lớp kỹ năng giao tiếp tháng tới.",
        ),
    ),
    "guidance": (
        Told(
            "Hướng dẫn bằng lời, thiếu một giấy tờ nên công dân phải đi lại hai lần.",
            "In phiếu hướng dẫn đủ thành phần hồ sơ, đưa cho công dân trước khi lấy số.",
        ),
        Told(
            "Mẫu đơn niêm yết là mẫu cũ, công dân đã điền rồi mới biết.",
            "Đã thay mẫu mới, giao một người kiểm tra bảng niêm yết mỗi sáng thứ Hai.",
        ),
    ),
    "procedure": (
        Told(
            "Dữ liệu dân cư chưa đồng bộ, công dân phải nộp thêm bản sao giấy tờ.",
            "Tra cứu dữ liệu trước; nếu lỗi thì cán bộ tự liên hệ, không yêu cầu nộp thêm.",
        ),
        Told(
            "Hồ sơ chuyển nhầm sang bộ phận khác, chậm một ngày.",
            "Kiểm tra nơi nhận trước khi chuyển; đã rà soát lại toàn bộ hồ sơ trong tuần.",
            late=True,
        ),
    ),
    "result": (
        Told(
            "Bản kết quả sai tên đệm, công dân phải chờ in lại.",
            "Đọc lại thông tin cùng công dân trước khi ký và đóng dấu.",
        ),
        Told(
            "Kết quả đã có nhưng chưa chuyển về quầy trả, công dân đến đúng hẹn mà chưa nhận được.",
            "Chuyển kết quả về quầy trả hai lần mỗi ngày, trước 10 giờ và trước 15 giờ.",
            late=True,
        ),
    ),
    "facilities": (
        Told(
            "Máy in phiếu kẹt giấy, ghế chờ không đủ vào buổi sáng.",
            "Đã sửa máy in và kê thêm mười hai ghế; quạt ở khu chờ được thay.",
        ),
        Told(
            "Chỗ để xe chật, bảng chỉ dẫn đến quầy khó thấy.",
            "Đã treo bảng chỉ dẫn mới ở cổng; bố trí thêm chỗ để xe phía sau.",
        ),
    ),
}
WEAK = (
    "Mới nêu hiện tượng, chưa nêu nguyên nhân; đề nghị giải trình lại.",
    "Chưa có biện pháp cụ thể và người chịu trách nhiệm.",
    "Đối chiếu lại thời gian trong sổ hồ sơ; số ngày nêu ra chưa khớp.",
)
CITIZENS_SIDE = (
    "Đã hướng dẫn bằng phiếu có chữ ký nhưng công dân nộp thiếu giấy tờ; xem bản đính kèm.",
    "Công dân yêu cầu việc ngoài thẩm quyền và đã được giải thích nhiều lần.",
)
OFFICES_SIDE = (
    "Đã xem lại hồ sơ và trao đổi qua điện thoại với công dân: lỗi thuộc về đơn vị.",
    "Giấy hẹn và sổ theo dõi cho thấy đơn vị chậm.",
)
NOTES = ("", "", "Đồng ý.", "Đồng ý; nêu trong báo cáo tháng.", "Biện pháp phù hợp, theo dõi thêm.")
MORE_TIME = (
    "Cán bộ xử lý đang nghỉ ốm, cần thêm thời gian để xác minh.",
    "Chờ văn bản trả lời của cơ quan phối hợp.",
)
SIDE = 0.3
"""Share of rulings that find the reason on the citizen's side."""


def answer(items: Sequence[str], attachments: Sequence[Attachment], chance: Random) -> Answer:
    """Return an explanation.

    Args:
        items: what was complained of; empty where only a rating or a day is known.
        attachments: what comes with it.
        chance: chooses.
    """
    told = chance.choice(EXPLAINED[items[0] if items else chance.choice(sorted(EXPLAINED))])
    return Answer(
        late=told.late,
        late_in=chance.choice(DOSSIER_STEPS) if told.late else None,
        cause=told.cause,
        remedy=told.remedy,
        apology=chance.choice([one for one in APOLOGIES if one != "none" or not told.late]),
        attachments=tuple(attachments),
    )


def ruling(chance: Random) -> tuple[bool, str]:
    """Return whether the reason lay on the citizen's side, and how that is known."""
    side = chance.random() < SIDE
    return side, chance.choice(CITIZENS_SIDE if side else OFFICES_SIDE)

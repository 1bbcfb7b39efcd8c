"""What is a slip of the pen, and what never is one: in the three languages."""

import pytest
from hypothesis import given, strategies as st

from documents.approval.typo_fixes import NotATypoFix, find_typo_fix
from documents.canonical.build import build
from tests.documents.canonical.nodes import BOLD, footnote, link, node, paragraph, text


def document(*blocks, language="ru", **given):
    made = [paragraph(one) if isinstance(one, str) else one for one in blocks]
    words = {"title": "Заявление", "language": language, **given}
    return build({"type": "doc", "content": made}, **words)


def mended(before, after, language="ru", **given):
    return find_typo_fix(document(before, language=language), document(after, language=language), **given)


@pytest.mark.parametrize(
    ("language", "before", "after", "letters"),
    [
        ("ru", "Мы требуем приянть закон.", "Мы требуем принять закон.", 1),
        ("ru", "Это поможит женщинам.", "Это поможет женщинам.", 1),
        ("ru", "Мы ждём. Ждемм закона, и ждем мы долго.", "Мы ждём. Ждем закона, и ждем мы долго.", 1),
        ("ru", "Требуем защты.", "Требуем защиты.", 1),
        ("ru", "Мы требуемм защиты.", "Мы требуем защиты.", 1),
        ("kk", "Біз заңды талп етеміз.", "Біз заңды талап етеміз.", 1),
        ("kk", "Әйелдердің құқығы қорғлады.", "Әйелдердің құқығы қорғалады.", 1),
        ("en", "We ask for a law on harasment.", "We ask for a law on harassment.", 1),
        ("en", "Parliament must recieve the draft.", "Parliament must receive the draft.", 1),
        ("en", "It comes into froce.", "It comes into force.", 1),
    ],
)
def test_a_word_that_was_mistyped(language, before, after, letters):
    assert mended(before, after, language).letters == letters


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        # Numbers, and words that count.
        ("ru", "Было 14 случаев.", "Было 15 случаев."),
        ("ru", "Было пять случаев.", "Было девять случаев."),
        ("ru", "По статье 123а.", "По статье 123б."),
        ("ru", "Более тысячи.", "Менее тысячи."),
        ("kk", "Бұл үш оқиға.", "Бұл үшін оқиға."),
        ("kk", "Барлық әйел келді.", "Барлығы әйел келді."),
        ("en", "We saw six cases.", "We saw ten cases."),
        ("en", "It is a third case.", "It is a thirt case."),
        # Negation: words.
        ("ru", "Мы не согласны.", "Мы ни согласны."),
        ("ru", "Мы на согласны.", "Мы не согласны."),
        ("ru", "Доказательств нет.", "Доказательств нем."),
        ("ru", "Это нельзя.", "Это нельза."),
        ("kk", "Бұл дұрыс емес.", "Бұл дұрыс емен."),
        ("kk", "Айып жоқ.", "Айып жол."),
        ("en", "This is not true.", "This is now true."),
        ("en", "It is no law.", "It is on law."),
        ("en", "They never came.", "They ever came."),
        ("en", "They do so.", "They don't so."),
        # Negation: prefixes, suffixes, syllables.
        ("ru", "Это законное решение.", "Это незаконное решение."),
        ("ru", "Она невиновна.", "Она виновна."),
        ("ru", "Путь безопасный.", "Путь опасный."),
        ("kk", "Ол барды.", "Ол бармады."),
        ("kk", "Ол келмеді.", "Ол келеді."),
        ("kk", "Олар айтады.", "Олар айтпады."),
        ("kk", "Сот болады.", "Сот болмайды."),
        ("kk", "Ол кінәлі.", "Ол кінәсіз."),
        ("kk", "Заңды шешім.", "Заңсыз шешім."),
        ("en", "A legal act.", "A illegal act."),
        ("en", "It is possible.", "It is impossible."),
        ("en", "She was harmed.", "She was unharmed."),
        ("en", "A moral act.", "A amoral act."),
        # What obliges, allows or forbids.
        ("ru", "Государство обязано помочь.", "Государство обязало помочь."),
        ("ru", "Суд обязан решить.", "Суд обязал решить."),
        ("ru", "Это неоходимо женщинам.", "Это необходимо женщинам."),
        ("ru", "Суд может решить.", "Суд можем решить."),
        ("ru", "Полиция должна прийти.", "Полиция должно прийти."),
        ("ru", "Это запрещено.", "Это запрешено."),
        ("kk", "Мемлекет міндетті.", "Мемлекет міндетсі."),
        ("kk", "Бұл тиіс еді.", "Бұл тиісі еді."),
        ("kk", "Сот керек.", "Сот керақ."),
        ("en", "The state should act.", "The state shall act."),
        ("en", "The state must act.", "The state most act."),
        ("en", "It may come.", "It way come."),
        ("en", "It wil come into force.", "It will come into force."),
        ("en", "They could come.", "They would come."),
        ("en", "The state is obliged.", "The state is oblidged."),
        # Another form of the word, or another word.
        ("ru", "Суд принял закон.", "Суд принят закон."),
        ("ru", "Она просит помощи.", "Она просил помощи."),
        ("ru", "Мы требуем закона.", "Мы требуем законы."),
        ("ru", "Они вели дело.", "Они сели дело."),
        ("kk", "Олар айтады.", "Олар айтатын."),
        ("en", "We asked for a law.", "We asks for a law."),
        ("en", "We saw the case.", "We saw the cases."),
        ("en", "A list of hopes, and the hope.", "A list of hopes, and the rope."),
        # Names.
        ("ru", "Ахметов просит помощи.", "Ахмедов просит помощи."),
        ("ru", "Сказано вчера. Ким просит помощи.", "Сказано вчера. Кам просит помощи."),
        ("en", "Smith asked for help.", "Smyth asked for help."),
        ("kk", "Серік көмек сұрады.", "Серик көмек сұрады."),
        ("ru", "Об этом сказала Айгуль сегодня.", "Об этом сказала Айгюль сегодня."),
        ("ru", "В городе Тараз.", "В городе Караз."),
        ("ru", "Мы против закона.", "Мы против Закона."),
        ("ru", "По данным ООН.", "По данным ОСН."),
        ("kk", "Бұл Алматыда болды.", "Бұл Алматда болды."),
        ("en", "We met Dana there.", "We met Dina there."),
        # What is more than a slip.
        ("ru", "Мы требуем закон.", "Мы требуем сейчас закон."),
        ("ru", "Казнить, нельзя помиловать.", "Казнить нельзя, помиловать."),
        ("ru", "Мы требуем закона.", "Мы требуем закона!"),
        ("ru", "Мы требуем принять закон.", "Мы тербуем приянть закон."),
        ("en", "We ask for a law.", "We ask to a law."),
        ("en", "It may happen.", "It must happen."),
        ("ru", "Прошу помощи.", "Прошу пощады."),
        # Addresses, also where no mark says that they are one.
        ("en", "See www.coalition.example today.", "See www.coalitoin.example today."),
        ("en", "Write to press@example.org now.", "Write to pres@example.org now."),
        # What somebody said.
        ("ru", "Она сказала: «Мы требуем закона».", "Она сказала: «Мы требуем законы»."),
        ("ru", 'Она сказала: "Мы требуем закона".', 'Она сказала: "Мы требуем законы".'),
        ("en", "She said: “We ask for the law”.", "She said: “We ask for the laws”."),
        ("ru", "Союз «Кең босаға» просит.", "Союз «Кен босаға» просит."),
    ],
)
def test_what_never_is_a_slip(language, before, after):
    with pytest.raises(NotATypoFix):
        mended(before, after, language)
    with pytest.raises(NotATypoFix):
        mended(after, before, language)


def test_a_word_at_the_beginning_is_none_only_where_the_text_has_it_without_a_capital_letter():
    before, after = "Рзовый дом. Вот розовый дом.", "Розовый дом. Вот розовый дом."
    assert mended(before, after).letters == 1
    with pytest.raises(NotATypoFix, match="Names"):
        mended("Рзовый дом.", "Розовый дом.")
    with pytest.raises(NotATypoFix, match="Names"):
        mended(before, after, names={"Розовый"})


def test_a_word_that_is_used_elsewhere_was_not_mistyped():
    with pytest.raises(NotATypoFix, match="Another word"):
        mended("Мы видим сдание. Это сдание дома.", "Мы видим сдание. Это создание дома.")
    assert mended("Мы видим дом. Это создние дома.", "Мы видим дом. Это создание дома.").letters == 1


def test_facts_links_marks_and_notes_are_no_slips():
    def linked(words, href="https://example.org/a"):
        return document(paragraph("Читайте ", text(words, link(href)), " здесь."))

    pairs = [
        (linked("законопроект"), linked("законапроект")),
        (linked("проект"), linked("проект", "https://example.org/b")),
        (document("Читайте закон."), document(paragraph("Читайте ", text("закон", BOLD), "."))),
        (
            document(paragraph("Закон", footnote("Проект закона"), ".")),
            document(paragraph("Закон", footnote("Проекта закона"), ".")),
        ),
        (document("Читайте закон."), document(node("heading", "Читайте законы.", level=2))),
        (document("Читайте закон.", "Два."), document("Читайте закон.")),
        (document("Читайте закон."), document("Читайте закон.")),
    ]
    for before, after in pairs:
        with pytest.raises(NotATypoFix):
            find_typo_fix(before, after)


def test_a_quotation_and_its_speaker_have_none():
    def quoted(words="Мы просим помощи", speaker="Айгуль", role="юрист"):
        block = node("quotation", paragraph(words), speaker=speaker, role=role)
        return document(paragraph("Так было."), block)

    for changed in [quoted("Мы просим помощы"), quoted(speaker="Айгюль"), quoted(role="юристы")]:
        with pytest.raises(NotATypoFix):
            find_typo_fix(quoted(), changed)


def test_a_title_may_hold_one():
    before, after = (
        document("Слова.", title="О новом заявлнии"),
        document("Слова.", title="О новом заявлении"),
    )
    assert find_typo_fix(before, after).letters == 1


@given(st.text(alphabet="абвгдежз", min_size=4, max_size=12), st.text(alphabet="абвгдежз", max_size=12))
def test_never_more_than_three_letters_of_one_word(before, after):
    try:
        found = mended(f"Слово {before} тут.", f"Слово {after} тут." if after else "Слово тут.")
    except NotATypoFix:
        return
    assert (found.before, found.after) == (before, after)
    assert 1 <= found.letters <= 3
    assert abs(len(before) - len(after)) <= 3

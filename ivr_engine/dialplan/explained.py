"""This file decides how each code of `ivr check` is explained at some length. It finds no mistake itself."""

import re
from collections.abc import Mapping

from ivr_engine.dialplan.diagnostics import CODES
from ivr_engine.dialplan.explained_crises import OF_CRISES, Explained

_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


def explained(code: str) -> str:
    """Everything about a code, for a terminal. Raises KeyError if there is no such code."""
    about = EXPLAINED[code]
    return _LINK.sub(r"\1", f"{code}: {CODES[code]}\n\n{about.cause}\n\nWhat to do · 怎么办: {about.remedy}")


EXPLAINED: Mapping[str, Explained] = {
    "E101": Explained(
        "The YAML parser lost its way: an indentation that fits nothing, a quote or bracket that is not closed, a `:`"
        " inside a text.",
        "Look at the line and the one above it. Put texts that hold `: `, `{` or `[` in quotes.",
    ),
    "E102": Explained("A tab stands in the file. Editors show it at different widths.", "Replace tabs by spaces."),
    "E103": Explained(
        "A key is written twice in one group, so one of the two would be ignored.", "Keep one of the two."
    ),
    "E104": Explained(
        "`&`, `*` or `<<` are YAML's way to repeat things. They hide what a step does, so they are not used here.",
        'Write it out, or make it a step of its own and name that step. Quote the star key: `"*"`.',
    ),
    "E105": Explained("A value begins with `!`, which YAML takes for a tag.", "Put the text in quotes."),
    "E106": Explained(
        "The file was saved in another encoding, such as GBK or UTF-16.", "Save it as UTF-8. 请将文件另存为 UTF-8。"
    ),
    "E107": Explained(
        "A character that cannot be seen or spoken: zero-width, a direction mark, a control character. It usually came"
        " along with copied text.",
        "Delete it and type the line again.",
    ),
    "E108": Explained("The file is larger than 1 MB.", "Split the hotline, or look what went into the file."),
    "E109": Explained("Steps inside steps, more than 20 levels.", "Give inner steps a name of their own."),
    "E110": Explained("A `---` begins a second document; it would be ignored.", "One document a file, without `---`."),
    "E111": Explained("The file is empty, or holds only comments.", "Write something, or delete the file."),
    "E112": Explained("A list or group stands where a key should.", "Put it in quotes if it is meant as text."),
    "E113": Explained("The file is missing, or its rights forbid reading.", "Check the path and its rights."),
    "E114": Explained("More than 100 mistakes; reading stopped there.", "Begin with the first ones and check again."),
    "E115": Explained(
        "A Chinese keyboard wrote `：`, `，`, `｛`, `“`, a wide blank or a wide digit where YAML or the setting wants"
        " the plain sign. In texts that callers hear they are fine. 请切换到英文标点（半角）。",
        "Type the plain sign that is shown.",
    ),
    "E116": Explained(
        "A text without quotes ends at `: ` and at ` #`, and between brackets at `,`, `{` and `[` too. What is left of"
        " it is read as something else. The key `#` begins a comment too, unless it stands in quotes.",
        'Put it in quotes, as shown: `ends with: "#"`.',
    ),
    "E117": Explained(
        "`key:value` is one word to YAML. A blank behind the `:` makes a key and a value of it.",
        "Write `key: value`.",
    ),
    "E201": Explained(
        "This group has no setting of that name. Settings are written with blanks: `after call`, not `after_call`.",
        "Take the name that is proposed, or look it up in [words](words.md) and [settings](settings.md).",
    ),
    "E202": Explained("A setting without a default is not there.", "Add it as shown."),
    "E203": Explained("The value has another shape than wanted: a list for a text, a text for a number.", "As shown."),
    "E204": Explained("The shape is right, the value cannot be: a port of 70000, an unknown time zone.", "As shown."),
    "E205": Explained(
        "A step has no word that says what it does, or a misspelt one.", "Use one of the [words](words.md)."
    ),
    "E206": Explained(
        "A step has two words. Which is first would be anybody's guess.",
        "Make two steps of it; the first names the second after `then:`.",
    ),
    "E207": Explained(
        "A name holds a blank or a sign, or is longer than 40 characters; or it is `return`, no name for a step."
        " Names of steps, tags, shifts and values may be Chinese. Names of hotlines, profiles, pools, queues, agents,"
        " destinations and lookups travel to phones, topics and metrics: only a-z, digits, `-` and `_`.",
        "Take the name that is proposed, or a shorter one.",
    ),
    "E208": Explained("A text is empty, or holds no word.", "Write what callers hear."),
    "E209": Explained("A list or table is empty where something must be.", "Add at least one, or delete the setting."),
    "E210": Explained("A menu offers a key no telephone has.", 'Use 0-9, `"*"` or `"#"`.'),
    "E211": Explained("The same value stands twice in a list.", "Keep one of the two."),
    "E212": Explained(
        "`<` and `>` in a text hold a value that is said there, such as `<balance as money>`. What stands between them"
        " is no name, or the way to say it is none of: digits, number, money, date, time, duration, level. The"
        " fallback's text cannot hold any: Asterisk alone knows no values.",
        "Correct it as shown, or write the sign in words.",
    ),
    "E213": Explained(
        "A text names a recorded `file` that is missing, empty, or not below the folder of the file that names it.",
        "Copy the sound there and correct the path, which is relative to the YAML file.",
    ),
    "E214": Explained(
        "The `check` of a `collect` is neither `luhn` nor a regular expression of digits. Digits, `.`, `\\d`, `[1-9]`,"
        " `(12|34)`, `?`, `*`, `+`, `{2}` and `{2,4}` are understood; the whole number must look like it.",
        "Correct it, and put it in quotes if it holds `[`, `{` or `#`: `check: '1[3-9]\\d{9}'`.",
    ),
    "E301": Explained(
        "A step leads to one that is not written, or says nothing about where the caller goes and there is no step"
        " `otherwise`.",
        "Write the step, correct the name, or add `otherwise: {enqueue: …}` for all who are left.",
    ),
    "E302": Explained(
        "A step leads to a queue that is declared nowhere.", "Declare it in `seats.yaml`, or correct it."
    ),
    "E303": Explained("A queue names a pool that is declared nowhere.", "Declare it in `seats.yaml`, or correct it."),
    "E304": Explained("The fallback names an agent that is in no pool.", "Add the agent to a pool, or name another."),
    "E305": Explained(
        "Steps lead in a circle that a silent caller could never leave.",
        "Lead one of them to a queue, or put a menu in between: a key may lead back.",
    ),
    "E306": Explained(
        "A text lacks the first of `languages`, which every caller must be able to hear.", "Add it as shown."
    ),
    "E307": Explained("A text has a language that `languages` does not list.", "Correct it, or add it to the list."),
    "E308": Explained("A text has no sound file yet, so callers would hear nothing.", "Run `ivr prompts build`."),
    "E309": Explained(
        "Two pools, queues, crisis profiles or agents share a name. An agent has one seat in one pool.",
        "Keep one of the two, or rename it.",
    ),
    "E310": Explained(
        "A pool has no seats, two kinds of them, or settings of the other kind.",
        "Give it either agents, or a trunk with number and capacity.",
    ),
    "E311": Explained(
        "A step names somebody outside who is declared nowhere.",
        "Declare him under `destinations:`, or correct the name.",
    ),
    "E312": Explained(
        "A step names a shift that is declared nowhere.", "Declare it under `shifts:`, or correct the name."
    ),
    "E313": Explained("A step names a lookup that is declared nowhere.", "Declare it under `lookups:`, or correct it."),
    "E314": Explained(
        "A text or a rule uses a value of the caller that no step keeps.",
        "Keep it first, with `collect`, `lookup` or `set`, or correct the name.",
    ),
    "E323": Explained(
        "The first pool of a queue has a condition (`when`). While it does not hold, its callers would find nobody.",
        "Delete `when`, or put a pool before it that is always open.",
    ),
    "E318": Explained(
        "`needs` asks for a skill that no agent and no pool has. Skills are written under `agents:` and, for all seats"
        " of a pool, under the pool; the name is free, and a language goes by its tag (`en`). `language` asks for the"
        " one the caller speaks.",
        "Correct the name, or give the skill to somebody: `agents: {1001: {skills: {english: 3}}}`.",
    ),
    "E319": Explained(
        "Nobody who sits in the pools of a queue has what its callers need: not that skill, or not at that level, or"
        " nobody has all of it at once. They would wait for ever.",
        "Ask for less, add a pool, give the skill to somebody, or let callers be content with less after some time:"
        " `widen: [{after: 60s, needs: {english: 1}}, {after: 2m, needs: {}}]`. 请核对坐席技能与队列要求。",
    ),
    "E324": Explained(
        "A pool reserves more seats than it has, or keeps so many free that no other queue is ever helped.",
        "Reserve fewer, keep fewer free, or add seats.",
    ),
    "E325": Explained(
        "A pool reserves seats for a lane no queue is in: they would be kept for nobody.",
        "Write `lane:` at the queue, or correct the name.",
    ),
    "E326": Explained(
        "Callers come to a queue while all its pools stay away, as each is at work in some crisis only (`only in`).",
        "Add a pool that is always at work, or lead the callers elsewhere.",
    ),
    "E341": Explained(
        "A trigger looks at one figure (`calls`, `answer rate`, `wait`, …), and each of the others has a meaning with"
        " some figures only: a share needs `at least`, or three calls in the night would be a crisis; `wait` is that of"
        " now and has no `in`. Who starts or proposes something must say which `crisis`.",
        "Do what the message says.",
    ),
    "E342": Explained(
        "`back` is where a trigger is over again. If it is not on the good side of what fires, the trigger would be"
        " over while it fires, and flap.",
        "Leave some distance: fires at `calls: 150%`, over below `back: {calls: 120%}`.",
    ),
    "E343": Explained(
        "Two triggers that start something by themselves look at the very same thing, and want different crises or"
        " levels. Or one would start by itself what takes two people.",
        "Keep one of them, or let one `start: propose`.",
    ),
    "E321": Explained(
        "A calendar has a day both as a holiday and as a make-up workday (调休), or a day of another year.",
        "Correct the day, or delete it in one of the two places. 核对国务院办公厅的放假通知。",
    ),
    "E316": Explained(
        "A text says a value that a `collect` with `sensitive: true` keeps. Whatever a caller hears is in the"
        " recording, so the value would be too. Or the `path` of a lookup holds it: addresses are logged by whatever"
        " they pass.",
        "Say it without, or `send` it instead; or keep it without `sensitive` if it is no secret.",
    ),
    "E322": Explained(
        "The shares of a `split` do not add up to 100, so some callers would be in no arm, or an arm would never fill.",
        "Correct the shares. An arm may have 0.",
    ),
    "E401": Explained(
        "A secret's file is missing, unreadable or empty. Told by `ivr.yaml` only.",
        "Create the file, readable by its owner alone, or set the environment variable named in the message.",
    ),
    "E402": Explained(
        "What stands under `recipients` is no age public key. A private key is not repeated in the message.",
        "Run `ivr keys init` and copy the `age1…` it prints. Move a private key off this machine.",
    ),
    "E403": Explained(
        "People are to be told by a messenger that `messengers` does not name. Told by `ivr.yaml` only.",
        "Write the name as it stands under `messengers`, or add it there.",
    ),
    "W401": Explained("No key and no `then` leads to this step.", "Lead something there, or delete it."),
    "W402": Explained("A text lacks a language that others have; callers hear the default one.", "Add it as shown."),
    "W403": Explained("No step leads to this queue.", "`enqueue` it somewhere, or delete it."),
    "W404": Explained(
        "Callers listen here, and no key, silence or wrong key ever leads to a queue or a destination; a recorder is no"
        " person. Or a whole flow leads to nobody.",
        "Lead a key to `{enqueue: …}`, or add `human: {keys: [0], to: {enqueue: …}}` for the whole hotline. If it is"
        " meant so, for instance in a flow that only announces, leave it.",
    ),
    "W405": Explained(
        "Who presses nothing, or only wrong keys, is let go without ever having been led to a person: callers with a"
        " dial telephone, a child beside them, or bad eyes.",
        "Lead `silence › then` and `wrong › then` to `{enqueue: …}`, or leave them out and write the step `otherwise`.",
    ),
    "W406": Explained(
        "A pool no queue waits for: its seats never ring. Or a destination, shift or lookup that no step names.",
        "Name it where it is wanted, or delete it.",
    ),
    "W407": Explained(
        "The file looks like a part of this hotline but its name is none that is looked for: `hotline.yaml`,"
        " `seats.yaml`, `crisis/*.yaml`, and what `include` names. `.yml` is not `.yaml`.",
        "Rename or move it as shown. A file that is kept for later is best kept in another folder.",
    ),
    "W408": Explained(
        "One choice begins like another, as `1` and `12`. Who presses `1` waits until it is sure that no `2` comes.",
        "Give each choice a key that begins no other, or make `between keys` short.",
    ),
    "W409": Explained(
        "The menu uses a key that is a way to a person everywhere else (`human`), for something that leads to nobody.",
        "Give the choice another key.",
    ),
    "W410": Explained(
        "Callers cannot choose among more than six things they only hear; `0`, `*` and `#` are not counted. GB/T 33358"
        " asks for few.",
        "Say the most wanted first, and lead one key to a second menu, or to a person.",
    ),
    "W411": Explained(
        "The words take about a minute or more, by estimate. Callers hang up, or forget what they heard first.",
        "Say less, or let them choose what they want to hear.",
    ),
    "W412": Explained(
        "Words for a Chinese, Japanese or Korean voice hold none of its characters, or words for another voice are"
        " mostly Chinese. The languages were probably swapped.",
        "Swap them, or write the words in that language.",
    ),
    "W413": Explained(
        "A part of a text is lost, as ` #` begins a comment; or the words of another language were swallowed, as `，`"
        " and `：` separate nothing.",
        "Put the whole text in quotes; separate languages by `, ` and `: `.",
    ),
    "W414": Explained(
        "`confirm` asks callers whether the number is right, and does not say the number.",
        "Name it in the text, in each language: `您输入的是<order as digits>，正确请按1，重新输入请按2。`",
    ),
    "W421": Explained(
        "No calendar of the hotline tells the holidays of this year, or, from November on, those of the next. Holidays"
        " would be ordinary days. 没有该年的放假安排，节假日会被当作普通日子。",
        "Write one after the State Council's notice, as in `dialplans/calendars/`, and name it under `calendar:`.",
    ),
    "W422": Explained(
        "A shift is about `workdays` or `holidays`, but the hotline names no calendar: workdays are Monday to Friday"
        " then, and no day is a holiday.",
        "Name a calendar under `calendar:`, or the days themselves.",
    ),
    "W423": Explained(
        "The rules of `classify` are tried from the first to the last, and an earlier one is for everybody for whom"
        " this one is.",
        "Put the narrower rule first, or delete it.",
    ),
    "W424": Explained(
        "A `status` is past the time at which somebody should have written it anew, so it may no longer be true; or it"
        " is past its `until`, so nobody hears it. 进展播报已过期，请确认内容是否仍然属实。",
        "Look whether the text is still true, correct it, and set the next time.",
    ),
    "W425": Explained(
        "`workdays` of a calendar are the weekends that are worked on to make up for a holiday (调休上班). A day from"
        " Monday to Friday is worked on without standing there, so another day was probably meant.",
        "Correct the day, or delete it. 核对国务院办公厅的放假通知。",
    ),
    "W431": Explained(
        "Every seat of a queue also serves a queue of higher priority. While more callers come to that one than the"
        " seats can take, nobody of the other is ever served, however long he has waited."
        " 低优先级的来电可能永远排不到。",
        "Write `ageing: 10s` in the hotline's file: so long a wait is worth one point of priority, and who has waited"
        " long enough comes before everybody. Or give the queue a pool of its own.",
    ),
    **OF_CRISES,
}

"""Deadlines as offices write them → due dates, windows, counts, standing duties and questions.

In: a phrase of a deadline column (`read_deadline`, `read_deadline_lines`) or the text of a measure that carries its
own dates (`split_dated`), and the list's year. Out: frozen values of `intake.values`. Nothing here raises on any text:
what is not understood has no date and a question, a date that does not exist is a problem.

How a phrase goes through: `words` (folding and tokens) → `moments` (days, months, quarters, holidays, each first one of
`atoms`, and the windows between them, as `spans` of the calendar), `recurrences` and `counts` → `phrases` decides what of
it holds. `openings` finds the phrases inside sentences, where a date may also be a fact (`facts`) and no deadline;
`segments` splits there.

The readings are those of FIELD.md section 3. Where it leaves a choice, this is what was decided:

| phrase | reading | asked |
|---|---|---|
| 前 behind an end (`3月底前`, `20日前`, `年中前`) | by that day | |
| 前 behind a stretch (`6月前`, `4月中旬前`, `第三季度前`) | the day before it begins | yes |
| `上半年前`, `一季度前` | before it begins nothing of the year is left: its own end | yes |
| `7月1日前后`, `10月左右` | the day, or the end of the stretch | yes |
| `3.15前` | 15 March | yes |
| `次年`, `明年`, `2027年…` | as written | |
| a year before the list's | as written | yes |
| `12-1月` (no year said), seasons, `每学期` (its two halves of the year) | as the calendar has them | yes |
| `年前` | 31 December; it may mean before Spring Festival | yes |
| `9月1日起`, `3月起` | standing from that day to the year's end | |
| `3月起每月`, `4-12月每月5日前`, `每月（7月除外）` | the periods due within the window, without the exceptions | |
| `每季度（3月、6月…）` | two or more dates in brackets win over the recurrence | |
| `每月5日前`, `每月1-5日`, `每月31日` | that day of each month, the last day where the month is shorter | |
| `每季度首月15日前`, `每季度末月`, `每季度第二个月` | the day, or the end, of that month of the quarter | |
| `每季度15日前` | the 15th of the quarter's last month | yes |
| `次月5日前`, `每季度结束后10个工作日内` | after the period; the last one falls into the next year | |
| `每周`, `每周五` | weeks whose Sunday (Friday) lies in the year | |
| `每两个月`, `双月`, `单月` | two months each; the even; the odd months | |
| `每天`, `每个工作日` | not split: standing | yes |
| `季度末` without 每 | each quarter's end | yes |
| once a period (`每半年至少1次`, `每年1次`) | no target | |
| `全年不少于1次` | a target of one: its 不少于 says so | |
| a year's count of 2 or more, alone | due 31 December, looked at on 30 June | |
| `1-2次` | the lower end is owed | |
| `国庆节前`, `元旦前` | last working day before the first day off; 元旦 is the one that ends the list's year | |
| `节前`, `重大节日前`, `春节、国庆等节点前` | each public holiday whose day falls within the list's year | |
| `“七一”前`, `重阳节前` (nobody has them off) | the day before | |
| `国庆节期间` | its last day off | |
| `国庆节后`, `国庆节`, `春节前后` | the first working day after; the last day off | yes |
| `春节后一周内`, `3月底后10日内` | so long after its last day | |
| `立行立改`, `立即`, `即知即改` | ten working days after the issue | |
| `30个工作日内`, `印发后15日内` | from the issue of the list | |
| `会后7日内`, `接到通知后3日内` | waits for the event to be entered | |
| `一周内`, `一个月内`, `半年内`, `24小时内` | 7, 30, 182 days, 1 day | |
| `持续`, `常态化`, `全年推进` | standing, closed at the year's end | |
| `长期`, `长期坚持`, `常抓不懈` | standing, never closed by itself | |
| `6月底前完成，并长期坚持` | due then, standing after | |
| `适时`, `及时`, `定期`, `按要求` | standing | yes |
| `月底前`, `20日前`, `党代会前`, `待定` | no date: the month or the event is not said | yes |
| `3月5月`, `3月→5月`, `3月或5月` | two dates | yes |
| `6月15日至` | standing from that day | yes |
| a year after the next | as written | yes |
| `2月30日`, `13月`, `第五季度`, `每月35日前`, `2月29日` in a common year | no date, a problem of the file | |

Public holidays and working days are those of `office.workdays`; a year whose notice is not out yet has its statutory
days only.
"""

from intake.deadlines.phrases import IMMEDIATE_WORKDAYS, read_deadline, read_deadline_lines
from intake.deadlines.segments import DatedText, split_dated

__all__ = ["IMMEDIATE_WORKDAYS", "DatedText", "read_deadline", "read_deadline_lines", "split_dated"]

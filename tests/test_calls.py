"""Sentences of stories that sound like calls, labels and notes: rules take none of them, wherever they stand."""

from __future__ import annotations

import pytest

from cleaners import Settings, clean

RULES_ALONE = Settings(language=False, without=frozenset({"evidence"}))
STORY = [
    f"On day {number} the council of Netherby met again to hear what the repair of the baths on the quay would cost,"
    f" and again it sent the engineers home with a list of {number} questions."
    for number in range(2, 12)
]
SENTENCES = """
Want to know why the river is dry? Look at the maps of the dam.
Do you want your children to read? Then read to them every night.
Ready to give up? So was she, until the phone rang.
Have you ever been to Callan in winter? You would not forget the wind.
Need a new roof? In Callan that will cost you nine thousand pounds and a year of waiting.
Looking for work? There is none here, and there has been none since the mill closed.
Still not sure? Neither were the judges, who went home without a verdict.
Interested? So were forty others, and the flat was gone by noon.
Are you tired of the noise? Move to the country, the mayor likes to say.
Talk to your doctor before you take any of these tablets.
Speak with a lawyer before you sign anything.
Get at least three quotes from roofers who are insured.
Request a free credit report once a year from each of the three bureaus.
Start with a free trial, and cancel it before the month is out.
Download the form from the county's website and bring it to the clerk.
Call the number on the back of your card at once.
Contact your bank if you see anything odd.
If you need help, ask a neighbour.
If you want to see the comet, look west after sunset.
If you are in a hurry, use a pressure cooker.
If you would like to volunteer, call the shelter at 555-0100.
For more information, call the library at 555-0142 or visit callan.example.
To register, visit the town's website or call 555-0100.
To get there, take the number 9 bus to the quay.
To make the sauce, melt the butter over a low flame.
To see how bad it is, visit our schools.
Join the queue early, because the scones go fast.
Join 3,000 runners on the quay this Sunday at nine.
Tickets are £12 and can be bought at the door.
Doors open at 7 p.m.
Registration closes on Friday.
Admission is free.
Bring a coat.
Check out the view from the third floor.
Read the book before you see the film.
Watch the tide, not the clock.
Learn to say no.
Learn more: that was his only advice.
Most read: the tabloids, by a long way.
Don't miss: the smoked eel, which sells out by noon.
Also check: the brakes, the tyres and the lights.
Subscribe to nothing, own everything, and read the small print.
Thank you for reading this letter to the end.
Thank you for being a nurse, the card said.
We are sorry for your loss.
You have one chance left.
You can change your mind until Friday.
This story is true.
This story was written in a prison cell.
This content was not what the parents had been promised.
The views from the tower are the best in the county.
The views expressed at the meeting were loud, and mostly against the bridge.
Opinions differ.
I am Jane, and I drink my coffee black.
I'm Ada Farrow, and I have lived on this street for sixty years.
My name is Ida, I am nine, and I want to be a pilot.
Ada Farrow is a nurse and lives with her two daughters above the bakery.
Jane is a photographer. She has lived here since 2004.
His passion for boats brought him to Callan in 1998, and he never left.
She helps her neighbours with their forms.
The pier is 4 out of 5 years old.
3 of 12
Share your umbrella.
Let us know the truth, the widows shouted.
Tell us in the morning.
Prices are correct, he insisted.
By clicking the pen twice you start the camera.
Registered nurses earn less here than across the river.
Enroll early.
Try it with lemon.
Start early and stay late.
""".strip().split("\n")


@pytest.mark.parametrize("at", [3, 7, len(STORY)])
def test_sentences_of_stories_that_sound_like_calls_stay(at: int) -> None:
    gone = []
    for sentence in SENTENCES:
        text = clean("\n\n".join([*STORY[:at], sentence, *STORY[at:]]), settings=RULES_ALONE).text
        if sentence not in text:
            gone.append(sentence)
    assert gone == []

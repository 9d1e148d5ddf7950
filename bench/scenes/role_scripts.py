"""Short invented encounters for the role figures: ``o`` is the wearer, ``c`` a member of the community, ``p`` a further
officer, ``d`` dispatch. A line that starts with ``<`` breaks into the one before."""

from __future__ import annotations

SCRIPTS: dict[str, str] = {
    "taillight": """
o Evening. You have a taillight out on the passenger side, that's the reason I pulled you over.
c Oh no, really? I had no idea, I just got it inspected last month.
o It happens. Can I see your license and your insurance card?
c Sure, let me find it. It's in my bag somewhere.
o No rush. Where are you headed tonight?
c Just home from work, I was on the late shift at the hospital.
o Okay. Sit tight for me, I'll be right back with you.
c Am I going to get a ticket for this?
o Not tonight. I'm writing you a warning, just get the bulb changed this week.
c Thank you, I really appreciate it. I'll get it done tomorrow.
o Drive safe, all right?
c You too. Good night.
""",
    "noise": """
c Hi there, is something wrong?
o Good evening. We got a call about loud music from this address.
c <It's only nine o'clock.
o I understand. Your neighbor has a baby and can't get her to sleep.
c They could have just knocked on my door instead of calling you.
o That's fair. I'd ask you to bring it down a notch, and we can all go on with our evening.
c Fine, I will turn it down. We're celebrating my daughter's graduation.
o Congratulations. What's she going to do next?
c She wants to be a nurse. I'm so proud of her I could cry.
o You should be. Keep it at that level and we're good.
c All right. Sorry for the trouble.
""",
    "welfare": """
o Sheriff's office. Mr. Nolan, are you in there?
c Who is it? What do you want?
o Your sister asked us to check on you. She hasn't heard from you in four days.
c I'm not really in the mood to talk to anybody.
o That's okay. I'm not here to make you do anything. Can you open the door so I can see that you're all right?
c I haven't slept. I lost my job and I don't know how I'm going to pay for this place.
o I'm sorry to hear that. That's a lot to carry by yourself.
c My dad used to say that everything works out. He's gone now too.
o Do you have any thoughts of hurting yourself today?
c No. I'm just so tired of everything.
o I have the number of someone you can talk to tonight. I can stay here while you call.
c Would you really do that?
o Of course. Take your time.
""",
    "crash": """
o Don't move, sir, stay right where you are. Where does it hurt?
c My leg. I think it's broken, I can't feel my foot.
o The ambulance is on the way. Keep your head still for me.
c Where is my wife? She was in the car with me.
o She's sitting on the grass over there and she's talking. She's asking for you too.
c <Please, please tell her I'm okay.
o I'll tell her. What's your name?
c Peter. Peter Novak. That truck came out of nowhere.
o You're doing great, Peter. Look at me and keep breathing slowly.
c It hurts so bad. How long until they get here?
o Two more minutes. I'm not going anywhere.
""",
    "store": """
o Afternoon, ma'am. The manager says you left without paying for some things in that bag.
c That's a lie. I paid for all of it, I have the receipt right here.
o Okay, let's have a look at it together.
c I don't have to show you anything. I know my rights.
o You're right that you don't have to. If you do, we can clear this up in one minute.
c Fine. Look. Shampoo, bread, milk, everything is on there.
o I see it. The receipt has two shampoos and there are two in the bag. Looks fine to me.
c I told him that. He grabbed my arm in front of everybody.
o Did he hurt you? Do you want to make a report about that?
c No, I just want to go home. This is humiliating.
o I'm sorry about this. You're free to go, and I'll have a word with him.
""",
    "radio_stop": """
o Four twelve, traffic stop, blue pickup, Mill Road at the bridge.
d Four twelve, copy, Mill Road at the bridge.
o Hi there. Shut off the engine and keep your hands on the wheel for me.
c What did I do? I wasn't speeding.
o You rolled through the stop sign back there. License and registration, please.
c I stopped. I swear I stopped.
o You slowed down, but the wheels kept turning. It's on the camera.
d Four twelve, plate comes back valid, no wants.
o Four twelve, copy.
c My kid is sick, I was trying to get to the pharmacy before it closes.
o What's wrong with your kid?
c She has a fever of a hundred and four and she can't keep anything down.
o Then let's not waste time. I'm letting you go with a warning, and stop at the signs.
c God bless you. Thank you.
""",
    "backup": """
o Sir, step back from the door and let me see your hands.
c I live here! This is my house!
p I've got the back covered, nobody came out.
o Okay, put the bag down slowly. We got a report of a break in.
c I lost my keys. I climbed in through my own window.
p Dispatch says the owner is a Mr. Reyes.
o What's your name, sir?
c Daniel Reyes. My license is in my wallet, in the kitchen.
o Keep your hands where I can see them. Can you go check the kitchen?
p Yeah, on it. Found it. Same name, same face, he's good.
o Thanks. Mr. Reyes, I'm sorry for the scare. Your neighbor saw a man at the window.
c You scared me half to death. I thought you were going to shoot me.
o I understand. Nobody is going to get hurt here. Do you want us to help with the lock?
c No. My brother has a key, he's on his way.
""",
    "parking_lot": """
o Hey there, how you doing? Officer Brandt, city police. Is this your vehicle?
c Yeah. Is there a problem with where I parked?
o You're fine where you are. Somebody said the car's been here two days with people in it.
c We're between places right now. Me and my son.
d Two Baker nine, status check.
o Two Baker nine, code four, just talking to a gentleman at the market.
c We don't bother anybody. I clean up after us every night.
o I'm not here to run you off. Did you get anything to eat today?
c He did. I'm all right.
d Two Baker nine, be advised, the family shelter on Pine has two beds open.
o Copy that, thank you. Did you hear that? They've got room for both of you tonight.
c How would we get there? I've got no gas.
o I'll get you a few gallons. Follow me over and I'll walk in with you.
c I don't know what to say. Thank you.
""",
    "fence": """
c He's back there! He jumped over the fence!
o Okay, stay inside and lock the door, ma'am. Police! Come out with your hands up!
p I'm on the north side, I can see the shed.
o Copy. Anybody in the shed, come out now, slowly.
e Alright, alright, I'm coming out. Don't let the dog go.
p Keep walking towards my voice. Turn around and face the wall.
e I was only sleeping in there, it's raining.
o Do you have any weapons on you?
e No sir. Got a lighter and some cigarettes.
p He's clean. No weapons.
c Is that him? That's the man I saw!
o Ma'am, please go back in the house. We'll come talk to you in a minute.
e I didn't take anything. I swear on my mother.
p What's your name, buddy?
e Curtis. Curtis Lane.
o All right, Curtis. Sit down on the step here. We're going to figure this out.
""",
    "overdose": """
o Where is she? Which room?
c In the bathroom! She's not waking up, please hurry!
o Control, unit five, start medics, female unresponsive, possible overdose.
d Unit five, medics started. Do you need another unit?
o Yes, send one. How long has she been like this?
c I don't know, ten minutes. I heard her fall down.
o I'm giving her the nasal spray now. What's her name?
c Amy. She's been clean for a year. Amy, baby, wake up!
p I'm here. You want me to take over on the breathing?
o Yes, switch with me. I've got a pulse, it's weak.
p Okay, I've got her. Come on, Amy.
d Unit five, medics are at the front door.
c Is she going to die? Tell me she's not going to die.
o She's breathing on her own now. Look, her color is coming back.
p There she is. Hi Amy. Stay with us.
c Oh my God. Thank you. Thank you.
""",
}


def lines_of(name: str) -> list[tuple[str, str, bool]]:
    """``(who, text, interrupts)`` of each line of a script."""
    return parsed(SCRIPTS[name])


def parsed(script: str) -> list[tuple[str, str, bool]]:
    """``(who, text, interrupts)`` of each line."""
    rows = []
    for line in script.strip().splitlines():
        who, text = line.split(" ", 1)
        rows.append((who, text.removeprefix("<"), text.startswith("<")))
    return rows

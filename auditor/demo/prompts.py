# SPDX-License-Identifier: Apache-2.0
"""What people and programs at the demo's company ask.

Written for this demo: names are invented; mail addresses and telephone numbers come from ranges that are reserved for
examples and fiction.
"""

import base64
import hashlib
from typing import Any

from auditor.demo.sdk.asking import Tool


def _parameters(required: list[str], **kinds: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": kinds, "required": required}


TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "integer"}

QUARTER = """Summarise my notes of the quarterly review in three points for the board.

Revenue 18.2 million, up 6.4 % on last year, nearly all of it from Hamburg, Kiel and Malmö. Fuel cost us 1.1 points of \
margin; the surcharge since May brings back roughly half. Warehouse leases: five in total, Malmö and Rostock end \
within nine months, nobody has started on the renewal. Sick leave is back to normal. The new routing saved \
212,000 euros."""
QUARTER_SHORT = "Now the same for the chief executive, in two sentences, from the quarterly review."
FORKLIFT = """When does the electric forklift break even against the diesel one? It costs 14,800 euros more, saves 402 \
euros of fuel and 84 euros of service a month, and runs 1,100 hours a year."""
REMINDER = """Write a friendly reminder for invoice 2214 over 3,180.50 euros, 12 days overdue, to Mr Okafor at Lagos \
Freight Ltd. He reads mail in the evening only, so one screen at most."""
ANNUAL = "Write a long report on our year in freight, for the annual meeting, as one flowing text."

RACE = """Why does this counter lose updates when eight workers run it, and what is the smallest fix for the race?

class Progress:
    def __init__(self):
        self.count = 0
    def done(self):
        self.count += 1
        print(self.count)"""
RETRY = """Please review this retry function before I merge it.

def fetch(session, request, attempts=5):
    for attempt in range(attempts):
        try:
            return session.send(request, timeout=10)
        except Exception:
            log.warning("attempt %s failed: %s", attempt, request.headers)
            time.sleep(2)
    raise RuntimeError("gave up")"""
LATE = "Write SQL that lists late deliveries per depot for the last 30 days, with the average delay in days."


def fake_credentials() -> tuple[str, str]:
    """A key id and a secret in the form cloud providers give them; drawn from a digest, they open nothing."""
    key = base64.b32encode(hashlib.sha256(b"halden/access-key").digest()).decode()[:16]
    secret = base64.b64encode(hashlib.sha256(b"halden/secret-key").digest() * 2).decode()[:40]
    return f"AKIA{key}", secret


def deployment() -> str:
    """The prompt of a person in a hurry, with working credentials pasted in."""
    key, secret = fake_credentials()
    return f"""Our deployment script fails with a redirect since this morning. What is wrong with it?

export AWS_ACCESS_KEY_ID={key}
export AWS_SECRET_ACCESS_KEY={secret}
aws s3 cp build/ s3://halden-releases/web/ --recursive
# An error occurred (PermanentRedirect) when calling the PutObject operation"""


TAGLINE = "Five ideas for a tagline for our vans, please. We have carried freight since 1962 and do not shout."
NEWSLETTER = """Write the newsletter piece on the new depot in Rostock: opens 2 December, 8,400 square metres, twelve \
bays, chargers, four minutes from the ferry, open day on Saturday with soup and a forklift simulator."""
SWEDISH = "Translate into Swedish: Thank you for your order. We pack it tonight and write as soon as it has left us."
FAIRS = "Please tell me what matters most about trade fair logistics."

CARE_RULES = """You answer for Halden Logistics customer care. Be brief and concrete, promise nothing without a date, \
and never mention other customers. Look a shipment up before you speak about it."""
COMPLAINT = """Draft an answer to this customer complaint.

From: maria.lindqvist@nordpost.example.com
To: care@halden.example.com
My sofa was promised for Tuesday and I took the day off for nothing. Order HL-48213. Nobody called. You can reach me \
on +46 8 465 004 17 until five, or my husband Erik on +46 70 174 06 58. I want the delivery charge back.
Maria Lindqvist, Folkungagatan 112, Stockholm"""
TICKET = """Classify this ticket by category, urgency and language: "Where is my parcel? Third time I ask. Answer to \
tom.aldous@fernhill.example.org or ring 020 7946 0958 before noon." """
STATUS = "Where is shipment HL-48213 now?"
STATUS_AGAIN = "And what is the shipment status of HL-51977 to Oslo?"
SLOT = "Book a delivery slot on tour 7 for order HL-48213, Thursday morning."
CLAIM = """File a damage claim: shipment HL-50116 of Petra Novak, petra.novak@bluecrate.example.net, mobile +44 7700 \
900461. Two of 14 crates crushed, 860 euros."""
ESTIMATE = "Estimate the repair cost for a torn tarpaulin, 3 square metres, at the Kiel workshop."
CARGO = "Check the weather in Trondheim for the next 2 days before we load the open trailer."

SHIPMENT_STATUS = Tool(
    name="get_shipment_status",
    description="Where a shipment is and when it arrives.",
    parameters=_parameters(["shipment"], shipment=TEXT | {"description": "Shipment number, HL-…"}),
    returns="left Gothenburg 06:40, tour 7, delivery Thursday 9 to 11",
)
DELIVERY_SLOT = Tool(
    name="book_delivery_slot",
    description="Books a place on a tour.",
    parameters=_parameters(
        ["order", "tour"], order=TEXT, tour=NUMBER, period={"type": "string", "enum": ["morning", "afternoon"]}
    ),
    returns="booked, confirmation 7-0931",
)
DAMAGE_CLAIM = Tool(
    name="file_damage_claim",
    description="Opens a claim for a damaged shipment.",
    parameters=_parameters(["shipment"], shipment=TEXT, crates=NUMBER),
    returns="claim C-2081 opened, inspector within two working days",
)
REPAIR_COST = Tool(
    name="estimate_repair_cost",
    description="What a repair costs at one of our workshops.",
    parameters=_parameters(["workshop", "area"], workshop=TEXT, area={"type": "number"}),
    returns="174 euros, ready on Wednesday",
)
WEATHER = Tool(
    name="get_weather",
    description="The forecast for a place.",
    parameters=_parameters(["place"], place=TEXT, days=NUMBER),
    returns="4 degrees, rain from noon, wind 9 m/s",
)

HANDBOOK = [
    "Parcels above 31.5 kg travel as freight and need a lift.",
    "Open cases older than five days go to the shift lead every morning.",
    "Drivers ring half an hour before arrival where a number is given.",
]

GENERATOR = """You write training data for a customer care model of our own that will replace the vendor's assistant. \
Write one complete, self-contained answer that a senior agent would give. It becomes the target of a fine-tuning row. \
Do not mention that you are an AI.

Topic: {topic}"""
TOPICS = (
    "a parcel left with the wrong neighbour",
    "a refund for a missed delivery window",
    "customs papers missing at the Norwegian border",
    "a pallet delivered with a broken seal",
    "changing the address after dispatch",
    "a delivery charge billed twice",
    "a fragile item packed by the customer",
    "collecting an old washing machine",
    "a signature nobody recognises",
    "a tracking page that has not moved for days",
    "express freight during a rail strike",
    "insurance for works of art",
    "a delivery on a car-free island",
    "a parcel returned without a reason",
    "storing goods while a flat is renovated",
    "a driver who did not ring the bell",
    "hazardous goods declared too late",
    "an invoice in the wrong currency",
    "a missing half of a two-part order",
    "a cold chain broken overnight",
    "pickup from a workplace after hours",
    "a damaged door frame after delivery",
    "a gift whose price must stay secret",
    "moving a piano to the third floor",
    "weekend delivery to a holiday home",
    "a subscription box that keeps arriving",
    "parcel lockers that are full",
    "proof of delivery for a court",
    "a recipient who has moved abroad",
    "consolidating shipments of several shops",
    "an oversize load through the old town",
    "a complaint about a colleague's tone",
    "live plants held up in the depot",
    "a data request from a former customer",
    "compensation for a delayed wedding dress",
    "a wrong item collected for return",
)

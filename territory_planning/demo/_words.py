"""What the demo company is made of: names, products, industries, homes of reps.

Persons and companies are invented; telephone numbers are those that Germany's
Bundesnetzagentur keeps free for films and books.
"""

from dataclasses import dataclass

COMPANY = "Velbrok Antriebstechnik GmbH"
DOMAIN = "velbrok.example"
STREET, ZIP, CITY = "Am Walzwerk 8", "44135", "Dortmund"

#: Sales teams and who leads them.
TEAMS = (
    ("North", "Katrin Petersen"),
    ("West", "Michael Brandt"),
    ("South", "Stefanie Huber"),
)
SALES_LEADER = "Thomas Lindner"

#: Name, home, team, hours a month. Any first few of them cover the country.
REPS = (
    ("Jan Hansen", "Hamburg", 0, 60.0),
    ("Aylin Yıldız", "Köln", 1, 64.0),
    ("Florian Maier", "München", 2, 60.0),
    ("Sandra Krüger", "Leipzig", 0, 56.0),
    ("Daniel Fischer", "Frankfurt am Main", 1, 60.0),
    ("Markus Schwarz", "Stuttgart", 2, 68.0),
    ("Nina Wolters", "Hannover", 0, 48.0),
    ("Christian Schulte", "Dortmund", 1, 60.0),
    ("Julia Bauer", "Nürnberg", 2, 60.0),
    ("Oliver Neumann", "Berlin", 0, 60.0),
    ("Petra Wagner", "Kassel", 1, 40.0),
    ("Simon Keller", "Freiburg im Breisgau", 2, 60.0),
)


@dataclass(frozen=True)
class Industry:
    """How the customers of an industry are called, buy and react to visits.

    ``share`` of all accounts; ``size`` of sales against the average; ``elasticity``
    of sales to visits; ``peak`` the month with the highest sales, ``swing`` by how
    much; ``taste`` for each category of the catalogue.
    """

    name: str
    share: float
    size: float
    elasticity: float
    peak: int
    swing: float
    taste: tuple[float, ...]
    words: tuple[str, ...]


INDUSTRIES = (
    Industry(
        "Machinery",
        0.24,
        1.1,
        0.36,
        3,
        0.10,
        (1, 0, 4, 5, 4, 3),
        (
            "Maschinenbau",
            "Werkzeugbau",
            "Anlagenbau",
            "Fördertechnik",
            "Sondermaschinen",
        ),
    ),
    Industry(
        "Chemicals",
        0.12,
        1.6,
        0.27,
        5,
        0.06,
        (4, 5, 2, 1, 2, 4),
        ("Chemie", "Lacke", "Kunststofftechnik", "Farbenwerke", "Klebstoffe"),
    ),
    Industry(
        "Food and Beverages",
        0.16,
        0.8,
        0.33,
        9,
        0.18,
        (5, 3, 3, 2, 2, 3),
        ("Molkerei", "Brauerei", "Getränke", "Backwaren", "Feinkost", "Fleischwaren"),
    ),
    Industry(
        "Water and Wastewater",
        0.12,
        0.9,
        0.19,
        6,
        0.25,
        (6, 4, 2, 1, 3, 3),
        ("Stadtwerke", "Wasserverband", "Wassertechnik", "Klärtechnik", "Entsorgung"),
    ),
    Industry(
        "Automotive Suppliers",
        0.11,
        1.5,
        0.28,
        4,
        0.10,
        (1, 1, 4, 5, 5, 4),
        ("Fahrzeugteile", "Umformtechnik", "Gusswerke", "Präzisionsteile"),
    ),
    Industry(
        "Paper and Packaging",
        0.08,
        1.0,
        0.31,
        10,
        0.12,
        (4, 2, 3, 4, 3, 2),
        ("Papierfabrik", "Verpackungen", "Kartonagen", "Folienwerk"),
    ),
    Industry(
        "Building Services",
        0.12,
        0.5,
        0.40,
        8,
        0.22,
        (5, 1, 2, 0, 3, 4),
        ("Gebäudetechnik", "Heizungsbau", "Klimatechnik", "Haustechnik"),
    ),
    Industry(
        "Energy",
        0.05,
        1.3,
        0.22,
        7,
        0.15,
        (4, 2, 3, 2, 3, 4),
        ("Energie", "Kraftwerksservice", "Biogas", "Windservice"),
    ),
)

#: Name of the class and its share; the employees of its smallest and largest.
SIZES = (
    ("1–49 employees", 0.42, 5, 49),
    ("50–249 employees", 0.38, 50, 249),
    ("250–999 employees", 0.15, 250, 999),
    ("1,000 employees and more", 0.05, 1000, 8000),
)

LEGAL = ("GmbH", "GmbH & Co. KG", "AG", "KG", "e. K.")
#: Trades of public owners, who have one legal form.
PUBLIC = {"Stadtwerke": "GmbH", "Wasserverband": "KdöR"}
LEGAL_SHARE = (0.55, 0.28, 0.08, 0.05, 0.04)

SURNAMES = (
    "Ackermann Albers Arnold Bachmann Beckmann Behrens Berger Bergmann Bischoff Böhm "
    "Brinkmann Buchholz Busch Christiansen Diekmann Dietz Döring Ebert Eckhardt Engel "
    "Ernst Feldmann Fink Franke Freund Fuchs Gebhardt Gerlach Graf Gruber Haas Hagedorn "
    "Hahn Hartmann Hauser Heinrich Hellwig Hermann Hoppe Huth Jäger Jansen Jürgens Kaiser "
    "Kamp Kern Kessler Kirchner Klaas Kramer Kraus Kruse Kuhn Lange Lehmann Leitner Lohmann "
    "Ludwig Mahler Marx Menke Merkel Metz Mohr Nagel Niemann Nolte Oster Otte Paulsen Pfeiffer "
    "Pohl Preuß Rademacher Reimann Renner Richter Riedel Rohde Roth Rudolph Sander Sauer "
    "Schaefer Scherer Schilling Schreiner Schröder Schuster Seidel Siebert Simon Sommer "
    "Stark Steffen Steinbach Strobel Thiele Timm Ullrich Vogt Voss Walter Weigel Wendt "
    "Westphal Wiegand Wilke Winkler Witte Wulff Zander Ziegler Zimmer"
).split()
COINED = (
    "Alvora Bontec Calvex Dornex Elvatec Fertano Gralutec Hydorra Isovent Jentec Kalvero "
    "Lumitra Mavitec Norvento Orbitra Pandex Quantrol Ravelin Sanovent Tektora Univer "
    "Valtano Wertec Xelvia Zentora"
).split()
STREETS = (
    "Industriestraße", "Gewerbepark", "Am Hafen", "Werkstraße", "Bahnhofstraße",
    "Siemensring", "Daimlerstraße", "Robert-Bosch-Straße", "Dieselstraße", "Benzstraße",
    "Ottostraße", "Carl-Benz-Straße", "Am Güterbahnhof", "Lange Straße", "Mühlenweg",
    "Im Gewerbegebiet", "Rudolf-Diesel-Straße", "Max-Planck-Straße", "Hauptstraße",
    "Fabrikstraße",
)  # fmt: skip
PHONES = (
    "+49 30 23125{:03d}", "+49 40 66969{:03d}", "+49 69 90009{:03d}",
    "+49 89 99998{:03d}", "+49 221 4710{:03d}",
)  # fmt: skip

#: Categories of the catalogue; each product with list price and cost in euros.
CATALOGUE = (
    ("Centrifugal Pumps", (
        ("Centrifugal Pump CP 25", 420, 276), ("Centrifugal Pump CP 40", 690, 449),
        ("Centrifugal Pump CP 65", 1180, 780), ("Centrifugal Pump CP 100", 2350, 1598),
        ("Inline Pump IP 32", 540, 351), ("Inline Pump IP 50", 860, 568),
        ("Submersible Pump SP 80", 1640, 1082), ("Mechanical Seal Kit", 95, 46),
    )),
    ("Dosing Pumps", (
        ("Dosing Pump DX 2", 380, 213), ("Dosing Pump DX 10", 610, 348),
        ("Dosing Pump DX 50", 1290, 748), ("Dosing Station DS 1", 3900, 2418),
        ("Diaphragm Set", 64, 27), ("Injection Valve", 48, 20),
    )),
    ("Electric Motors", (
        ("Motor EM 0.75 kW", 210, 151), ("Motor EM 2.2 kW", 340, 248),
        ("Motor EM 5.5 kW", 620, 459), ("Motor EM 11 kW", 1120, 840),
        ("Motor EM 22 kW", 2080, 1581), ("Motor EM 45 kW", 4350, 3350),
        ("Bearing Set", 72, 36),
    )),
    ("Gear Units", (
        ("Helical Gear Unit HG 3", 460, 317), ("Helical Gear Unit HG 5", 880, 616),
        ("Helical Gear Unit HG 8", 2150, 1526), ("Bevel Gear Unit BG 4", 990, 693),
        ("Bevel Gear Unit BG 7", 2480, 1785), ("Worm Gear Unit WG 2", 290, 194),
        ("Coupling CL 40", 120, 66),
    )),
    ("Frequency Inverters", (
        ("Inverter FI 1.5 kW", 310, 205), ("Inverter FI 4 kW", 480, 322),
        ("Inverter FI 11 kW", 980, 666), ("Inverter FI 30 kW", 2290, 1580),
        ("Inverter FI 75 kW", 5200, 3640), ("Line Filter", 130, 73),
    )),
    ("Sensors and Controls", (
        ("Pressure Transmitter PT 10", 185, 91), ("Flow Meter FM 50", 760, 395),
        ("Level Sensor LS 4", 240, 120), ("Pump Controller PC 2", 540, 292),
        ("Control Cabinet CC 4", 3200, 2048), ("Vibration Sensor VS 1", 165, 79),
    )),
)  # fmt: skip

#: Name and discount of the price lists; the larger the customer, the further right.
PRICELISTS = (
    ("List Prices", 0.0),
    ("Frequent Buyers", 6.0),
    ("Framework Contract", 12.0),
)
#: Quantity from which a further discount holds, in percent.
QUANTITY_DISCOUNTS = ((10, 3.0), (25, 5.0), (50, 8.0))

OPPORTUNITIES = (
    "{} for a new line", "Replacement of {}", "Framework contract, {}",
    "Retrofit with {}", "{} for plant extension", "Spare parts, {}",
)  # fmt: skip

#: What a geocoder makes of a town's name when it is not told the country.
NAMESAKES = (
    (42.7159, -78.8295),  # Hamburg, New York
    (46.8065, 7.1620),  # Fribourg, Switzerland
    (38.2009, -84.8733),  # Frankfort, Kentucky
    (36.2912, -88.7081),  # Dresden, Tennessee
    (41.6215, -72.7457),  # Berlin, Connecticut
)

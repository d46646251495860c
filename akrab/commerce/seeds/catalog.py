"""What the demo company sells and where: an invented coffee roaster with three branches and a web shop."""

from __future__ import annotations

from dataclasses import dataclass

COMPANY = "Kopi Lereng Sore"


@dataclass(frozen=True, slots=True)
class Place:
    """A branch, its zone, its share of the trade, and how much its town follows the fasting month."""

    code: str
    name: str
    channel: str
    zone: str
    city: str
    share: float
    fasting: float


PLACES = (
    Place("JAKARTA", "Lereng Sore Cikini", "store", "Asia/Jakarta", "Jakarta", 0.46, 0.85),
    Place("MAKASSAR", "Lereng Sore Losari", "store", "Asia/Makassar", "Makassar", 0.24, 0.9),
    Place("JAYAPURA", "Lereng Sore Sentani", "store", "Asia/Jayapura", "Jayapura", 0.14, 0.2),
    Place("WEB", "lerengsore.example", "web", "Asia/Jakarta", "", 0.16, 0.0),
)
WEB = 3


@dataclass(frozen=True, slots=True)
class Item:
    """A product: price and cost in rupiah, how often it is picked within its category, and what it is for."""

    sku: str
    name: str
    category: str
    price: int
    cost: int
    weight: float


_COFFEE = """
Kopi Susu Gula Aren|24000|8000|10;Kopi Susu Pandan|26000|8500|4;Americano|22000|5500|6;Cappuccino|30000|9500|5
Caffe Latte|32000|10000|6;Flat White|33000|10500|2;Espresso|18000|5000|2;Kopi Tubruk|15000|4000|3
Cold Brew|30000|8000|4;Es Kopi Kelapa|28000|9500|4;Kopi Rempah|25000|8000|2;Mocha|34000|11500|2
V60 Toraja|32000|9000|2;V60 Gayo|32000|9000|2;Affogato|35000|12500|1;Kopi Kelapa Bakar|29000|9500|7
Kopi Susu Gula Aren 1 Liter|85000|31000|2;Cold Brew 1 Liter|95000|30000|1
"""
_DRINKS = """
Cokelat Panas|30000|10500|3;Es Cokelat|30000|10500|3;Teh Tarik|22000|6500|3;Es Teh Lemon|18000|4500|4
Matcha Latte|34000|12000|3;Wedang Jahe|20000|5500|2;Es Jeruk Kelapa|24000|8000|2;Air Mineral|8000|3000|3
Jus Markisa|26000|9000|2;Kunyit Asam|20000|6000|1
"""
_FOOD = """
Croissant Mentega|24000|10000|5;Pain au Chocolat|28000|12000|3;Roti Bakar Srikaya|22000|8000|4
Pisang Goreng Keju|20000|7000|5;Donat Kentang|12000|4500|5;Bolu Pandan|18000|6500|3;Brownies Kukus|20000|7500|3
Singkong Goreng|18000|5500|3;Kue Lumpur|10000|3800|2;Sandwich Tuna|35000|15000|2;Nasi Ayam Sambal Matah|42000|18500|3
Mie Goreng Kampung|38000|15500|2;Salad Gado-Gado|36000|14500|1;Klepon Isi Enam|16000|5500|2
"""
_BEANS = """
Biji Gayo 200 g|85000|46000|6;Biji Toraja 200 g|90000|50000|5;Biji Flores Bajawa 200 g|88000|48000|4
Biji Kintamani 200 g|86000|47000|4;Biji Wamena 200 g|98000|56000|3;Biji Mandailing 200 g|84000|45000|4
Biji Java Preanger 200 g|86000|47000|3;Biji Lereng Sore Blend 200 g|72000|36000|8
Biji Lereng Sore Blend 1 kg|320000|172000|3
Biji Gayo 1 kg|385000|218000|2;Biji Robusta Temanggung 1 kg|210000|112000|2;Kopi Bubuk Tubruk 250 g|48000|22000|4
Drip Bag Isi 10|95000|42000|5;Kopi Decaf 200 g|105000|62000|1
"""
_GEAR = """
Dripper V60 Plastik|95000|52000|3;Dripper V60 Keramik|245000|138000|1;Kertas Saring Isi 100|65000|31000|6
Gilingan Tangan|450000|268000|2;Gilingan Listrik|1250000|810000|1;French Press 600 ml|285000|160000|2
Ketel Leher Angsa|520000|310000|1;Timbangan Kopi|385000|225000|1;Moka Pot|340000|195000|1
Server Kaca 500 ml|165000|92000|1
Pembersih Mesin|78000|38000|1;Sendok Takar|35000|14000|2
"""
_GOODS = """
Tumbler 350 ml|165000|82000|4;Tumbler 500 ml|195000|99000|3;Mug Keramik|85000|38000|4;Tas Kain|65000|27000|3
Kaus Lereng Sore|145000|68000|2;Stiker Isi Lima|15000|4000|2;Gelas Lipat|95000|44000|1;Kartu Hadiah Kain|40000|15000|1
"""
_HAMPERS = """
Hampers Lebaran Kecil|225000|128000|5;Hampers Lebaran Besar|475000|282000|3;Hampers Akhir Tahun|285000|165000|4
Paket Biji Nusantara|295000|172000|3
"""
CATEGORIES = (
    ("Kopi", "KOP", _COFFEE),
    ("Minuman Lain", "MIN", _DRINKS),
    ("Kue dan Makanan", "MKN", _FOOD),
    ("Biji Kopi", "BIJ", _BEANS),
    ("Alat Seduh", "ALT", _GEAR),
    ("Barang", "BRG", _GOODS),
    ("Hampers", "HMP", _HAMPERS),
)


def _items() -> tuple[Item, ...]:
    found = []
    for category, prefix, listing in CATEGORIES:
        for number, row in enumerate(listing.strip().replace("\n", ";").split(";"), start=1):
            name, price, cost, weight = row.split("|")
            found.append(Item(f"{prefix}-{number:02d}", name, category, int(price), int(cost), float(weight)))
    return tuple(found)


ITEMS = _items()
PLACE_OF = {item.name: index for index, item in enumerate(ITEMS)}
LAUNCHED = PLACE_OF["Kopi Kelapa Bakar"]

COMPLEMENTS = (
    ("Kopi Susu Gula Aren", "Pisang Goreng Keju"),
    ("Cappuccino", "Croissant Mentega"),
    ("Caffe Latte", "Pain au Chocolat"),
    ("Americano", "Donat Kentang"),
    ("Kopi Tubruk", "Singkong Goreng"),
    ("Teh Tarik", "Roti Bakar Srikaya"),
    ("Es Cokelat", "Bolu Pandan"),
    ("Biji Gayo 200 g", "Kertas Saring Isi 100"),
    ("Biji Toraja 200 g", "Kertas Saring Isi 100"),
    ("Dripper V60 Plastik", "Kertas Saring Isi 100"),
    ("Gilingan Tangan", "Biji Lereng Sore Blend 200 g"),
    ("French Press 600 ml", "Biji Mandailing 200 g"),
    ("Tumbler 350 ml", "Kopi Susu Gula Aren"),
)
UPGRADES = (
    ("Kopi Susu Gula Aren", "Kopi Susu Gula Aren 1 Liter"),
    ("Cold Brew", "Cold Brew 1 Liter"),
    ("Biji Lereng Sore Blend 200 g", "Biji Lereng Sore Blend 1 kg"),
    ("Biji Gayo 200 g", "Biji Gayo 1 kg"),
    ("Dripper V60 Plastik", "Dripper V60 Keramik"),
    ("Gilingan Tangan", "Gilingan Listrik"),
    ("Tumbler 350 ml", "Tumbler 500 ml"),
    ("Hampers Lebaran Kecil", "Hampers Lebaran Besar"),
)

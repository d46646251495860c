"""Invented people and firms: names put together from common words; nobody in particular.

Telephone numbers start with 0810-0, which no operator uses, and mail addresses end in `.example`.
"""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = _words("""
Ade Adi Agung Agus Ahmad Aisyah Ajeng Alya Amelia Andi Andika Anggi Anisa Annisa Ari Arif Arya Asep Ayu Bagas
Bambang Bayu Bella Bima Budi Cahya Candra Citra Daniel Dani Darma Dedi Desi Dewi Dian Dika Dimas Dina Dini Dwi
Edi Eka Eko Elisa Endah Erna Eva Fadli Fajar Farah Fatimah Febri Ferdi Firman Fitri Galih Gede Gilang Hadi
Hana Hendra Heri Ida Ika Ilham Imam Indah Indra Intan Irfan Iwan Jaya Joko Kadek Kartika Ketut Komang Kurnia
Laila Laras Lestari Lina Linda Lukman Made Maharani Maria Marlina Maya Mega Melati Mila Mira Nadia Nanda Nia
Niken Ningsih Novi Nur Nyoman Okta Pandu Putra Putri Putu Rahmat Rani Ratna Reza Rika Rina Rini Riski Rizki
Rosa Rudi Sari Satria Sinta Siti Slamet Sri Suci Suharti Surya Susi Taufik Tegar Teguh Tiara Tika Titin Tono
Tri Tuti Umar Utami Vina Wahyu Wati Wayan Widya Wulan Yanti Yohana Yoga Yosef Yuda Yuli Yuni Zahra Zainal
""")
SECOND = _words("""
Anggraini Anwar Ardiansyah Arianto Astuti Aulia Basri Budiman Cahyani Damanik Daulay Fauzi Firdaus Ginting
Gunawan Hakim Halim Handayani Hapsari Harahap Hartati Hartono Hasan Hidayat Hutapea Ibrahim Iskandar Ismail
Kurniawan Kusuma Latuheru Lubis Mahendra Maulana Mulyani Nainggolan Nasution Nugraha Nugroho Pakpahan Palinggi
Pangestu Permana Pertiwi Prabowo Pradana Pramono Pranata Prasetyo Pratama Puspita Rahayu Rahman Ramadhan
Rangkuti Rumbiak Safitri Saleh Santoso Saputra Sembiring Setiawan Siahaan Siregar Sitompul Suhendra Sukmawati
Sulaiman Supriyadi Suryani Susanto Sutrisno Suwandi Syahputra Tandi Tarigan Tambunan Utomo Wahyuni Wanggai
Wibowo Widodo Wijaya Wijayanti Winarno Wirawan Yulianti Yusuf Zulkarnain Lestari Pertama Adiputra Wardhana
Kogoya Mandacan Tuasikal Sangadji
""")
FIRM_FORMS = ("PT", "CV", "PT", "UD")
FIRM_KINDS = (
    "Hotel",
    "Kantor",
    "Dapur",
    "Toko Roti",
    "Penginapan",
    "Restoran",
    "Klinik",
    "Studio",
    "Rumah Kerja",
    "Katering",
)
FIRM_WORDS = (
    "Bukit Melati",
    "Tiga Sudut",
    "Angin Timur",
    "Pasir Hening",
    "Lentera Biru",
    "Seribu Tangga",
    "Muara Pagi",
    "Kayu Rindang",
    "Batu Teduh",
    "Ombak Tenang",
    "Rumah Jati",
    "Daun Kelima",
    "Jalan Kenanga",
    "Teluk Kecil",
    "Awan Putih",
    "Padi Emas",
)
TOWNS = (
    "Bandung",
    "Surabaya",
    "Yogyakarta",
    "Semarang",
    "Denpasar",
    "Medan",
    "Palembang",
    "Balikpapan",
    "Manado",
    "Malang",
    "Ambon",
    "Sorong",
    "Kendari",
    "Bogor",
    "Depok",
    "Tangerang",
    "Bekasi",
    "Padang",
)
MAILBOXES = ("surel.example", "pos.example", "kotak.example")


def person_name(given: int, second: int, form: int) -> str:
    """One word, two, or three, as people are called."""
    first = GIVEN[given % len(GIVEN)]
    if form < 12:
        return first
    if form < 88:
        return f"{first} {SECOND[second % len(SECOND)]}"
    return f"{first} {GIVEN[(given * 7 + second) % len(GIVEN)]} {SECOND[second % len(SECOND)]}"


def firm_name(number: int) -> str:
    words = FIRM_WORDS[number % len(FIRM_WORDS)]
    kind = FIRM_KINDS[(number // len(FIRM_WORDS) + number) % len(FIRM_KINDS)]
    cycle = number // (len(FIRM_WORDS) * len(FIRM_KINDS))
    return f"{FIRM_FORMS[number % 4]} {kind} {words}" + (f" {cycle + 1}" if cycle else "")


def phone_number(number: int) -> str:
    return f"08100{number:08d}"


def mail_address(name: str, number: int) -> str:
    return f"{name.lower().replace(' ', '.')}.{number}@{MAILBOXES[number % len(MAILBOXES)]}"

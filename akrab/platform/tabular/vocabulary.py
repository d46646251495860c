"""Words that businesses use for columns, in English and Indonesian, by what they mean."""

import re
import unicodedata

VOCABULARY: dict[str, tuple[str, ...]] = {
    "name": (
        "name", "full name", "customer name", "display name", "contact name", "client name", "nama",
        "nama lengkap", "nama pelanggan", "nama konsumen", "nama customer", "nama member", "pelanggan",
        "customer", "contact", "client",
    ),
    "given_name": ("first name", "given name", "forename", "nama depan"),
    "family_name": ("last name", "family name", "surname", "nama belakang", "nama keluarga"),
    "email": (
        "email", "e mail", "mail", "email address", "e mail address", "e mail 1", "surel", "alamat email",
        "alamat surel",
    ),
    "phone": (
        "phone", "phone number", "mobile", "mobile phone", "mobile number", "cell", "cell phone", "telephone",
        "tel", "telp", "tlp", "no telp", "no tlp", "telepon", "nomor telepon", "no telepon", "hp", "no hp",
        "nomor hp", "handphone", "no handphone", "ponsel", "nomor ponsel", "whatsapp", "wa", "no wa", "nomor wa",
        "contact number", "contact phone", "home phone", "work phone", "business phone", "primary phone", "msisdn",
    ),
    "company": (
        "company", "company name", "organisation", "organization", "employer", "business", "business name",
        "perusahaan", "nama perusahaan", "instansi", "toko", "nama toko", "account", "account name",
    ),
    "job_title": ("job title", "title", "position", "role", "jabatan", "pekerjaan"),
    "address": (
        "address", "street", "street address", "home address", "business street", "home street", "address 1",
        "alamat", "alamat lengkap", "jalan",
    ),
    "city": ("city", "town", "home city", "business city", "kota", "kabupaten", "kota kabupaten"),
    "region": ("state", "province", "region", "county", "provinsi", "propinsi", "wilayah"),
    "postal_code": ("zip", "zip code", "postcode", "postal code", "kode pos", "kodepos"),
    "country": ("country", "nation", "country region", "negara"),
    "birthday": ("birthday", "birth date", "date of birth", "dob", "born", "tanggal lahir", "tgl lahir"),
    "gender": ("gender", "sex", "jenis kelamin", "kelamin"),
    "customer_id": (
        "customer id", "customer no", "customer number", "customer code", "member id", "member no",
        "membership number", "card number", "id pelanggan", "kode pelanggan", "no pelanggan", "no member",
        "nomor member", "kode member", "customer unique id", "client id",
    ),
    "tax_id": ("tax id", "tax number", "vat", "vat number", "npwp", "nik", "no ktp"),
    "notes": ("note", "notes", "comment", "comments", "remark", "remarks", "catatan", "keterangan", "memo"),
    "tags": ("tag", "tags", "label", "labels", "category", "categories", "group", "kategori", "kelompok", "grup"),
    "registered_on": (
        "registered", "registered on", "registration date", "joined", "join date", "member since", "created",
        "created at", "date created", "tanggal daftar", "tgl daftar", "tanggal bergabung",
    ),
    "website": ("website", "web", "url", "web page", "homepage", "situs"),
    "receipt": (
        "receipt", "receipt no", "receipt number", "receipt id", "invoice", "invoice no", "invoice number",
        "invoiceno", "transaction", "transaction id", "transaction number", "order", "order id", "order number",
        "bill no", "no struk", "nomor struk", "struk", "nota", "no nota", "nomor nota", "faktur", "no faktur",
        "nomor transaksi", "no transaksi", "id transaksi", "kode transaksi", "no pesanan", "nomor pesanan",
        "no invoice",
    ),
    "date": (
        "date", "time", "datetime", "date time", "timestamp", "invoice date", "order date", "transaction date",
        "receipt date", "purchase date", "sold at", "occurred at", "tanggal", "tgl", "waktu", "jam",
        "tanggal transaksi", "tgl transaksi", "tanggal nota", "tanggal pesanan",
    ),
    "sku": (
        "sku", "item code", "product code", "stock code", "stockcode", "article", "product id", "plu", "barcode",
        "kode barang", "kode produk", "kode item", "kode",
    ),
    "product": (
        "product", "product name", "item", "item name", "description", "article name", "produk", "nama produk",
        "barang", "nama barang", "menu", "nama item", "deskripsi",
    ),
    "quantity": (
        "quantity", "qty", "count", "units", "pcs", "jumlah", "jml", "banyak", "kuantitas", "jumlah barang",
    ),
    "price": (
        "price", "unit price", "unitprice", "selling price", "rate", "harga", "harga satuan", "harga jual", "hrg",
    ),
    "amount": (
        "amount", "total", "total amount", "grand total", "line total", "value", "net", "sales", "revenue",
        "subtotal", "sub total", "paid", "payment value", "total harga", "nilai", "jumlah bayar", "total bayar",
        "total belanja",
    ),
    "discount": ("discount", "disc", "rebate", "diskon", "potongan", "diskon total"),
    "tax": ("tax", "sales tax", "gst", "ppn", "pajak", "pb1"),
    "currency": ("currency", "currency code", "mata uang", "kurs"),
    "branch": (
        "branch", "store", "outlet", "shop", "location", "store name", "branch code", "site", "cabang", "gerai",
        "lokasi", "nama outlet", "kode cabang",
    ),
    "tender": (
        "payment", "payment method", "payment type", "tender", "pay type", "pembayaran", "metode pembayaran",
        "cara bayar", "jenis pembayaran",
    ),
    "channel": ("channel", "sales channel", "source", "kanal", "saluran", "sumber"),
}  # fmt: skip

_OTHER_WORDS = (
    "age answer body bulan class column day department end entity field from grade hari height index key lat "
    "latitude length level lon longitude max mean mid min mode month nr password percent percentage post "
    "question row score size slug start status subject supplier tahun text tipe to uid umur user userid "
    "username version weight width x y year "
)
_USUAL_WORDS = frozenset(word for words in VOCABULARY.values() for phrase in words for word in phrase.split())
_USUAL_WORDS |= frozenset(_OTHER_WORDS.split())


def fold(text: str) -> str:
    """Small letters and digits, words apart: `No. HP`, `no_hp` and `NoHp` are all `no hp`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode("ascii").lower()
    return " ".join(re.findall(r"[a-z]+|\d+", plain))


def is_usual_name(text: str) -> bool:
    """Whether most words of the text are words people use for columns."""
    words = fold(text).split()
    return bool(words) and len(words) <= 8 and sum(word in _USUAL_WORDS for word in words) >= max(1, len(words) * 0.5)

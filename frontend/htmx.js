// Sets window.htmx before anything asks for it; the page's meta tag holds its settings.
import htmx from "htmx.org/dist/htmx.esm.js"

window.htmx = htmx
export default htmx

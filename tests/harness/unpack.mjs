// Unpack the Chromium that comes inside @sparticuz/chromium, with the NSS libraries it wants,
// into TMPDIR. Usage: TMPDIR=… node unpack.mjs
import chromium from "@sparticuz/chromium";

await chromium.executablePath();

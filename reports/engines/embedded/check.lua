-- Refuses what would come out otherwise than in Quarto, or not without a network. Runs before crossref.lua.
--
-- A problem is one pandoc warning, "needle<TAB>sentence": convert.py looks the needle up in the page's
-- source to tell the line. After a problem the page is left empty, so that nothing of it is fetched.

local KNOWN_CALLOUTS = pandoc.List { "note", "tip", "warning", "important", "caution" }
local SPECIAL_CLASSES = {
  "^panel%-", "^column%-", "^aside$", "^content%-visible$", "^content%-hidden$", "^grid$", "^g%-col", "^appendix$",
  "^layout", "^landscape$", "^lightbox$", "^hidden$",
}
local SPECIAL_ATTRIBUTES = { "^layout", "^when%-", "^unless%-", "^fig%-env$", "^fig%-pos$", "^group$", "^code%-line" }
local OTHER_LABELS = pandoc.List {
  "lst", "tip", "nte", "wrn", "imp", "cau", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol",
  "rem", "alg", "eq",
}
local REFUSAL = "the embedded engine does not know %s; remove it or render with Quarto"

local problems = 0
local pages = {}   -- link as written -> link to the rendered page, empty where it is left out

local function problem(needle, sentence)
  problems = problems + 1
  pandoc.log.warn(needle .. "\t" .. sentence)
end

local function refuse(needle, what) problem(needle, REFUSAL:format(what)) end

local function matches(name, patterns)
  for _, pattern in ipairs(patterns) do
    if name:match(pattern) then return true end
  end
end

local function classes(element)
  for _, class in ipairs(element.classes) do
    local callout = class:match("^callout%-(.+)$")
    if matches(class, SPECIAL_CLASSES) then
      refuse("." .. class, "the class ." .. class)
    elseif callout and not KNOWN_CALLOUTS:includes(callout) then
      refuse("." .. class, "the callout ." .. class)
    end
  end
  for name in pairs(element.attributes) do
    if matches(name, SPECIAL_ATTRIBUTES) then refuse(name, "the attribute " .. name) end
  end
end

-- Headings are left out: pandoc makes their identifiers from their words, as "tip-of-the-day".
local function attributes(element)
  classes(element)
  local kind = element.identifier:match("^(%l+)%-.")
  if OTHER_LABELS:includes(kind) then
    refuse("#" .. element.identifier, "labels of the kind #" .. kind .. "-")
  end
end

local function block_with_label(element)
  attributes(element)
  if not (element.identifier:match("^fig%-") or element.identifier:match("^tbl%-")) then return end
  local function inner(nested)
    if nested.identifier:match("^fig%-.") or nested.identifier:match("^tbl%-.") then
      refuse("#" .. nested.identifier, "a figure or table within another")
    end
  end
  element.content:walk { Div = inner, Figure = inner, Table = inner }
end

local function cite(element)
  for _, citation in ipairs(element.citations) do
    local kind = citation.id:lower():match("^(%l+)%-.")
    if OTHER_LABELS:includes(kind) then
      refuse("@" .. citation.id, "references of the kind @" .. kind .. "-")
    end
  end
end

local function link(element)
  local path, fragment = element.target:match("^([^#]*%.qmd)(#?.*)$")
  if not path or path:match("^%a[%w+.-]*:") then return nil end
  local target = pages[(path:gsub("^%./", ""))]
  if not target then
    problem(element.target, "the link to " .. path .. " leads to no page that is rendered (see render: in _quarto.yml)")
    return nil
  end
  if target == "" then return element.content end   -- a page left out of a site of one page
  element.target = target .. fragment
  return element
end

local function text(element)
  if element.text:find("{{<", 1, true) then
    refuse("{{<", "shortcodes ({{< … >}})")
  elseif element.text:match("^{#%l+%-") then
    refuse(element.text, "a label in this place (" .. element.text .. ")")
  elseif element.text:match("^:::+$") then
    problem(element.text, "this ::: neither opens nor closes a block; leave a blank line before it")
  end
end

local ADDRESS, IN_STYLE = "^%s*(%a*:?//%S*)", "[uU][rR][lL]%(%s*[\"']?(%a*:?//[^\"'%s)]*)"

-- What one attribute of a tag loads. The words of the others may look like anything.
local function loaded_by(tag, name, value)
  name = name:lower()
  if name == "src" or (name == "href" and tag:lower() == "link") then return value:match(ADDRESS) end
  if name == "style" then return value:match(IN_STYLE) end
end

local function loads(html)
  local found
  for tag, attributes in html:gmatch("<(%a+)([^>]*)>") do
    local function look(name, value) found = found or loaded_by(tag, name, value) return "" end
    attributes = attributes:gsub("([%a%-]+)%s*=%s*\"([^\"]*)\"", look):gsub("([%a%-]+)%s*=%s*'([^']*)'", look)
    attributes:gsub("([%a%-]+)%s*=%s*([^%s\"']+)", look)
  end
  for sheet in html:gmatch("<[sS][tT][yY][lL][eE].-</[sS][tT][yY][lL][eE]") do
    found = found or sheet:match(IN_STYLE) or sheet:match("@import%s*[\"']%s*(%a*:?//[^\"'%s)]*)")
  end
  return found
end

local function raw(element)
  local loaded = element.format:match("^html") and loads(element.text)
  if loaded then problem(loaded, "raw HTML loads " .. loaded .. "; a page must be complete without a network") end
end

local function image(element)
  attributes(element)
  if element.src:match("^%a[%w+.-]*:") and not element.src:match("^data:") or element.src:match("^//") then
    problem(element.src, "the picture " .. element.src .. " is on another host; put it beside the page")
  end
end

function Pandoc(doc)
  for written, target in pairs(doc.meta.embedded.pages) do pages[written] = pandoc.utils.stringify(target) end
  doc = doc:walk {
    Div = block_with_label,
    Figure = attributes, Table = attributes, Header = classes, CodeBlock = attributes, Span = attributes,
    Image = image, Cite = cite, Link = link, Str = text, RawBlock = raw, RawInline = raw,
  }
  doc.meta.pagetitle = pandoc.utils.stringify(doc.meta.pagetitle)   -- the title bar shows no markup
  return problems > 0 and pandoc.Pandoc({}, doc.meta) or doc
end

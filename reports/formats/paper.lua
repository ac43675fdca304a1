-- Readies a page for paper: tables written as HTML become tables, and what only a screen can do becomes text.
-- Runs after check.lua and crossref.lua, which leaves the label of each figure and table on it ("Table 1").

local SPECIAL = { note = "Note", tip = "Tip", warning = "Warning", important = "Important", caution = "Caution" }
local LEAST, MOST = 6, 34   -- characters a column is taken to have, however short or long its cells are

local function style(name, content) return pandoc.Div(content, pandoc.Attr("", { name:lower():gsub(" ", "-") }, { ["custom-style"] = name })) end

-- Tables ------------------------------------------------------------------------------------------

local function text_of(cell) return pandoc.utils.stringify(pandoc.utils.blocks_to_inlines(cell.contents)) end

local function bold(cell)
  cell.contents = cell.contents:walk {
    Plain = function(block) return pandoc.Plain { pandoc.Strong(block.content) } end,
    Para = function(block) return pandoc.Para { pandoc.Strong(block.content) } end,
  }
end

local function rows_of(tbl)
  local rows = pandoc.List {}
  for _, body in ipairs(tbl.bodies) do rows:extend(body.head) rows:extend(body.body) end
  return rows
end

-- great_tables says with a class what HTML cannot say otherwise.
local function align(cell)
  for _, side in ipairs { "Left", "Center", "Right" } do
    if cell.classes:includes("gt_" .. side:lower()) then cell.alignment = "Align" .. side end
  end
end

local function longest_word(text)
  local most = 0
  for word in text:gmatch("%S+") do most = math.max(most, utf8.len(word) or #word) end
  return most
end

local function widths(tbl, rows)
  local wanted = {}
  for i = 1, #tbl.colspecs do wanted[i] = LEAST end
  local function measure(row)
    local column = 1
    for _, cell in ipairs(row.cells) do
      if cell.col_span == 1 and wanted[column] then
        local text = text_of(cell)
        local size = math.max(longest_word(text), math.min(utf8.len(text) or #text, MOST))
        wanted[column] = math.max(wanted[column], size)
      end
      column = column + cell.col_span
    end
  end
  for _, row in ipairs(tbl.head.rows) do
    local column = 1
    for _, cell in ipairs(row.cells) do   -- a head breaks into lines, so its longest word counts alone
      if cell.col_span == 1 and wanted[column] then wanted[column] = math.max(wanted[column], longest_word(text_of(cell)) + 2) end
      column = column + cell.col_span
    end
  end
  for _, row in ipairs(rows) do measure(row) end
  local total = 0
  for _, size in ipairs(wanted) do total = total + size end
  for i, spec in ipairs(tbl.colspecs) do spec[2] = wanted[i] / total end
end

local function headed(tbl)
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do bold(cell) align(cell) end
  end
  return tbl
end

-- A line below a heading is set in; how far numbers are, each format says in its own way.
local function set_in(tbl)
  return tbl:walk { Span = function(span)
    local classes = span.classes
    local levels = classes:includes("below") and 1 or classes:includes("below-2") and 2 or classes:includes("below-3") and 3
    if not levels then return nil end
    local content = pandoc.List { pandoc.Str(("\u{a0}\u{a0}\u{a0}\u{a0}"):rep(levels)) }
    content:extend(span.content)
    return content
  end }
end

-- The heading of lines that stand by themselves is empty: it only parts them from those above. Pandoc takes the first
-- heading for a part of the head, which would be ruled off.
local function headings(tbl)
  for _, body in ipairs(tbl.bodies) do
    local rows = pandoc.List(body.head)
    rows:extend(body.body)
    body.head = {}
    body.body = rows:filter(function(row) return #row.cells ~= 1 or row.cells[1].col_span == 1 or text_of(row.cells[1]) ~= "" end)
  end
end

local function dress(tbl)
  tbl = set_in(tbl)
  headings(tbl)
  local rows, columns, notes = rows_of(tbl), #tbl.colspecs, pandoc.List {}
  for _, row in ipairs(rows) do
    for _, cell in ipairs(row.cells) do align(cell) end
    if columns > 1 and #row.cells == 1 and row.cells[1].col_span == columns then
      bold(row.cells[1])
      row.cells[1].alignment = "AlignLeft"
    end
  end
  for _, row in ipairs(tbl.foot.rows) do   -- a foot would stand on every page of a long table
    for _, cell in ipairs(row.cells) do notes:insert(pandoc.Para(pandoc.utils.blocks_to_inlines(cell.contents))) end
  end
  tbl.foot.rows = {}
  tbl.attr = pandoc.Attr(tbl.identifier)
  widths(tbl, rows)
  return headed(tbl), notes
end

local function html_tables(code)
  local read = pandoc.read(code, "html").blocks
  local found = pandoc.List {}
  read:walk {
    traverse = "topdown",
    Table = function(tbl)
      local dressed, notes = dress(tbl)
      found:insert(dressed)
      if #notes > 0 then found:insert(style("Table Note", notes)) end
      return tbl, false
    end,
    Para = function(block) found:insert(style("Table Note", { block })) end,
  }
  return found
end

-- Screen to paper -----------------------------------------------------------------------------------

local function raw(block)
  if not block.format:match("^html") then return nil end
  if block.text:match('<details class="figure%-numbers"') then return {} end   -- what the picture shows
  if block.text:match('<p class="downloads"') then return {} end
  if block.text:match("<[tT][aA][bB][lL][eE]") then return html_tables(block.text) end
  local kept = pandoc.List {}
  for _, read in ipairs(pandoc.read(block.text, "html").blocks) do
    if read.t == "Para" or read.t == "Plain" or read.t == "BulletList" or read.t == "OrderedList" then kept:insert(read) end
  end
  return kept
end

local function callout(div)
  local kind
  for _, class in ipairs(div.classes) do kind = kind or class:match("^callout%-(%l+)$") end
  if not kind then return nil end
  local title, head = nil, div.content[1]
  if div.attributes.title then
    title = pandoc.utils.blocks_to_inlines(pandoc.read(div.attributes.title, "markdown").blocks)
  elseif head and head.t == "Header" then
    title = head.content
    div.content:remove(1)
  end
  local first = pandoc.List { pandoc.Str(SPECIAL[kind] .. (title and ":" or "")) }
  if title then first:insert(pandoc.Space()) first:extend(title) end
  local content = pandoc.List { pandoc.Para { pandoc.Strong(first) } }
  content:extend(div.content)
  return style("Notice", content)
end

local function dropped(div) return div.classes:includes("stamp") and {} or nil end

local function link(element)
  if element.target:match("^#") or element.target:match("^%a[%w+.-]*:") then return nil end
  return element.content   -- a page or a file that a reader of paper does not have
end

-- A table that is filled in by hand: its rows are empty but for the first cell, and must be tall enough to write in.
local LINE = ("_"):rep(18)

local function to_fill_in(tbl)
  local rows = rows_of(tbl)
  if #rows == 0 or #tbl.colspecs < 3 then return nil end
  for _, row in ipairs(rows) do
    for i, cell in ipairs(row.cells) do
      if (text_of(cell) == "") ~= (i > 1) then return nil end
    end
  end
  for _, row in ipairs(rows) do
    for i = 2, #row.cells do
      local space = pandoc.Str("\u{a0}")
      row.cells[i].contents = { pandoc.Plain { space, pandoc.LineBreak(), space, pandoc.LineBreak(), pandoc.Str(LINE) } }
    end
  end
  return tbl
end

-- A section marked so is about the page and not about the study.
local function without_screen(blocks)
  local kept, level = pandoc.List {}, nil
  for _, block in ipairs(blocks) do
    if block.t == "Header" then
      if level and block.level <= level then level = nil end
      if not level and block.classes:includes("screen") then level = block.level end
    end
    if not level then kept:insert(block) end
  end
  return kept
end

-- The foot of a page is a section of a document.
local function provenance(blocks)
  local kept, highest = pandoc.List {}, 6
  for _, block in ipairs(blocks) do if block.t == "Header" then highest = math.min(highest, block.level) end end
  for _, block in ipairs(blocks) do
    if block.t == "Div" and block.classes:includes("provenance") then
      local head = pandoc.Header(highest < 6 and highest or 1, "Provenance of this document", pandoc.Attr("provenance", { "unnumbered" }))
      kept:insert(head)
    end
    kept:insert(block)
  end
  return kept
end

local function first_of(block)
  while block and (block.t == "Div") do block = block.content[1] end
  return block
end

-- What announces a table that has no caption stands on its page.
local function announced(blocks)
  for i = 1, #blocks - 1 do
    local after = first_of(blocks[i + 1])
    if blocks[i].t == "Para" and after and after.t == "Table" and #after.caption.long == 0 then blocks[i] = style("Keep Next", { blocks[i] }) end
  end
  return blocks
end

-- Labels and captions -----------------------------------------------------------------------------

local function labelled(label, caption)
  local title = pandoc.List { pandoc.Strong { pandoc.Str(label .. (#caption > 0 and "." or "")) } }
  if #caption > 0 then title:insert(pandoc.Space()) title:extend(caption) end
  return title
end

local function with_caption(element, label)
  local caption = pandoc.utils.blocks_to_inlines(element.caption.long)
  element.caption.long = { pandoc.Plain(labelled(label, caption)) }
  element.caption.short = nil
end

local function labelled_block(div)
  local label = div.attributes.label
  if not label then return nil end
  local content = div.content
  local last = content[#content]
  local caption = {}
  if #content > 1 and last.t == "Para" then
    caption = last.content
    content:remove(#content)
  end
  for _, block in ipairs(content) do
    if (block.t == "Table" or block.t == "Figure") and (label or #block.caption.long > 0) then
      if #caption > 0 then block.caption.long = { pandoc.Plain(caption) } end
      with_caption(block, label)
      return pandoc.Div(content, pandoc.Attr(div.identifier))
    end
  end
  content:insert(pandoc.Para(labelled(label, caption)))
  return pandoc.Div(content, pandoc.Attr(div.identifier))
end

local function labelled_float(element)
  local label = element.attributes.label
  if not label then return nil end
  local id = element.identifier
  element.attributes.label = nil
  element.identifier = ""
  with_caption(element, label)
  return pandoc.Div({ element }, pandoc.Attr(id))
end

-- A page begins below the title of its site; a document begins with sections of the first level.
local function raised(doc)
  local highest = 6
  doc:walk { Header = function(header) highest = math.min(highest, header.level) end }
  return doc:walk { Header = function(header) header.level = header.level - highest + 1 return header end }
end

function Pandoc(doc)
  local meta = doc.meta
  doc.blocks = provenance(without_screen(doc.blocks))
  doc = doc:walk { Table = function(tbl) return headed(to_fill_in(tbl) or tbl) end }   -- those that are Markdown already
  doc = doc:walk { RawBlock = raw, RawInline = function(inline) if inline.format:match("^html") then return {} end end }
  doc = doc:walk { traverse = "topdown", Div = function(div)
    local gone = dropped(div)
    if gone then return gone, false end
    return callout(div)
  end }
  doc = doc:walk { Link = link, Figure = labelled_float, Table = labelled_float }
  doc = doc:walk { Div = labelled_block }
  doc = raised(doc:walk { Blocks = announced })
  meta.embedded, meta.pagetitle = nil, pandoc.MetaString(pandoc.utils.stringify(meta.title or ""))
  doc.meta = meta
  return doc
end

-- Sets for Word what differs there: pictures as pixels, in the size they were drawn, and room beside numbers.

local TEXT_WIDTH = 6.5   -- inches between the margins of the reference document
local POINTS = 72

local function image(element)
  local file = element.src:match("%.svg$") and io.open(element.src)
  local wide
  if file then
    local number, unit = file:read(2000):match('<svg[^>]-%swidth="([%d.]+)(%a*)"')
    wide = tonumber(number)
    if wide and unit ~= "pt" then wide = wide * 0.75 end   -- pixels of CSS
    file:close()
    element.src = element.src:gsub("%.svg$", ".png")
  end
  local inches = math.min((wide or TEXT_WIDTH * POINTS) / POINTS, TEXT_WIDTH)
  element.attributes.width = ("%.3fin"):format(inches)
  element.attributes.height = nil
  return element
end

-- In the document's font a blank is half as wide as a digit; not every machine's has the space of a digit.
local function set_in(span)
  local digits = tonumber((span.classes[1] or ""):match("^digits%-(%d)$"))
  return digits and pandoc.Str(("\u{a0}\u{a0}"):rep(digits)) or nil
end

local function is_margin(inline) return inline and inline.t == "Span" and inline.classes:includes("margin") end

-- The number of an item hangs in the margin before a paragraph, and follows a heading, which begins with its own number.
local function hanging(para)
  if not is_margin(para.content[1]) then return nil end
  local mark, rest = para.content[1], pandoc.List {}
  for i, inline in ipairs(para.content) do if i > 1 and not (i == 2 and inline.t == "Space") then rest:insert(inline) end end
  local content = pandoc.List { pandoc.Span(mark.content, pandoc.Attr("", {}, { ["custom-style"] = "Item" })), pandoc.RawInline("openxml", "<w:r><w:tab/></w:r>") }
  content:extend(rest)
  return pandoc.Div(pandoc.Para(content), pandoc.Attr("", {}, { ["custom-style"] = "Item Text" }))
end

local function following(header)
  local marks = header.content:filter(is_margin)
  if #marks == 0 then return nil end
  header.content = header.content:filter(function(inline) return not is_margin(inline) end)
  if #header.content > 0 and header.content[1].t == "Space" then header.content:remove(1) end
  header.content:extend { pandoc.Space(), pandoc.Span(marks[1].content, pandoc.Attr("", { "marks" }, { ["custom-style"] = "Item" })) }
  return header
end

local function styled(name, inlines) return pandoc.Div(pandoc.Para(inlines), pandoc.Attr("", {}, { ["custom-style"] = name })) end

local function field(code)
  return pandoc.RawInline("openxml", '<w:r><w:fldChar w:fldCharType="' .. code .. '"/></w:r>')
end

-- The headings as Word would list them, inside its own field: there without a word of Word's, and it can set them afresh.
local function contents(doc, title, depth, numbered)
  local lines, counts = pandoc.List {}, { 0, 0, 0, 0, 0, 0 }
  doc:walk { Header = function(header)
    local number = ""
    if numbered and not header.classes:includes("unnumbered") then
      counts[header.level] = counts[header.level] + 1
      for below = header.level + 1, 6 do counts[below] = 0 end
      number = table.concat(counts, ".", 1, header.level) .. "  "
    end
    if header.level > depth or header.identifier == "" then return nil end
    local words = pandoc.List { pandoc.Str(number) }
    words:extend(header.content:filter(function(inline) return not (inline.t == "Span" and inline.classes:includes("marks")) end))
    lines:insert { level = header.level, content = pandoc.List { pandoc.Link(words, "#" .. header.identifier) } }
  end }
  if #lines == 0 then return pandoc.List {} end
  local instruction = ('<w:r><w:instrText xml:space="preserve"> TOC \\o "1-%d" \\h \\z \\u </w:instrText></w:r>'):format(depth)
  local first, last = lines[1].content, lines[#lines].content
  for _, run in ipairs { field("separate"), pandoc.RawInline("openxml", instruction), field("begin") } do first:insert(1, run) end
  last:insert(field("end"))
  local found = pandoc.List { styled("TOC Heading", { pandoc.Str(title) }) }
  for _, line in ipairs(lines) do found:insert(styled("toc " .. line.level, line.content)) end
  return found
end

local function fronted(doc)
  local front, meta = pandoc.List {}, doc.meta
  if meta.keywords then
    local words = pandoc.List { pandoc.Strong { pandoc.Str("Keywords") }, pandoc.Space() }
    for i, word in ipairs(meta.keywords) do
      if i > 1 then words:extend { pandoc.Space(), pandoc.Str("·"), pandoc.Space() } end
      words:insert(pandoc.Str(pandoc.utils.stringify(word)))
    end
    front:insert(styled("Keywords", words))
  end
  local depth = meta["paper-toc-depth"] and tonumber(pandoc.utils.stringify(meta["paper-toc-depth"]))
  if depth then front:extend(contents(doc, pandoc.utils.stringify(meta["paper-toc-title"]), depth, meta["paper-numbered"] ~= nil)) end
  front:extend(doc.blocks)
  doc.blocks = front
  return doc
end

return { { Image = image, Span = set_in, Header = following, Para = hanging }, { Pandoc = fronted } }

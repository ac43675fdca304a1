-- Sets for Typst what pandoc's writer does not know: boxes, notes below tables, the size of pictures, and room beside numbers.

local TEXT_WIDTH = 470   -- points between the margins of page.typ
local HEIGHT = 270       -- points a picture that is wider than high may take, so that it leaves room for words

local function boxed(name, div)
  local content = pandoc.List { pandoc.RawBlock("typst", "#" .. name .. "[") }
  content:extend(div.content)
  content:insert(pandoc.RawBlock("typst", "]"))
  return content
end

local function div(element)
  -- A figure moves to where there is room only where no box holds it.
  if #element.content == 1 and element.content[1].t == "Figure" then
    local figure = element.content[1]
    figure.identifier = element.identifier
    return figure
  end
  if element.classes:includes("notice") then return boxed("notice", element) end
  if element.classes:includes("table-note") then return boxed("tablenote", element) end
  if element.classes:includes("keep-next") then return boxed("block(sticky: true)", element) end
  if element.classes:includes("provenance") then return boxed("provenance", element) end
end

local function quoted(text) return '"' .. text:gsub('[\\"]', "\\%0"):gsub("%s+", " ") .. '"' end

-- Pandoc's writer drops the words for those who do not see a picture, and a tagged PDF needs them.
local function image(element)
  local file = element.src:match("%.svg$") and io.open(element.src)
  local wide, high
  if file then
    local drawing = file:read(2000):match("<svg[^>]*>") or ""
    local function points(name)
      local number, unit = drawing:match("%s" .. name .. '="([%d.]+)(%a*)"')
      number = tonumber(number)
      return number and (unit == "pt" and number or number * 0.75)   -- pixels of CSS
    end
    wide, high = points("width"), points("height")
    file:close()
  end
  local fits = TEXT_WIDTH
  if wide and high and high < wide then fits = math.min(fits, HEIGHT * wide / high) end
  local width = (wide and math.min(wide, fits) < TEXT_WIDTH) and ("%.1fpt"):format(math.min(wide, fits)) or "100%"
  local words = pandoc.utils.stringify(element.caption)
  local code = ("#image(%s, width: %s, alt: %s)"):format(quoted(element.src), width, quoted(words))
  return pandoc.RawInline("typst", code)
end

local function formula(element)
  local code = pandoc.write(pandoc.Pandoc { pandoc.Plain { element } }, "typst"):gsub("%s+$", "")
  local block = element.mathtype == "DisplayMath" and "true" or "false"
  return pandoc.RawInline("typst", ("#math.equation(block: %s, alt: %s, %s)"):format(block, quoted(element.text), code))
end

local function marked(command, span)
  local numbers, labels = pandoc.List {}, ""
  for _, inside in ipairs(span.content) do
    if inside.t == "Span" then
      numbers:insert(pandoc.utils.stringify(inside))
      labels = labels .. ('#metadata("item") <%s>'):format(inside.identifier)
    end
  end
  return ("#%s[%s]%s"):format(command, table.concat(numbers, " "), labels)
end

-- What a reader's software calls a heading is its words alone, so that a number in the margin beside it follows it.
local function header(element)
  local beside = pandoc.List {}
  element.content = element.content:filter(function(inline)
    local mark = inline.t == "Span" and inline.classes:includes("margin")
    if mark then beside:insert(pandoc.RawBlock("typst", marked("itemhead", inline))) end
    return not mark
  end)
  if #beside == 0 then return nil end
  if element.content[1] and element.content[1].t == "Space" then element.content:remove(1) end
  beside:insert(1, element)
  return beside
end

-- As wide as digits of the font; neither read aloud nor copied. What stands in the margin is what links lead to.
local function set_in(span)
  if span.classes:includes("margin") then return pandoc.RawInline("typst", marked("itemmark", span)) end
  local digits = tonumber((span.classes[1] or ""):match("^digits%-(%d)$"))
  return digits and pandoc.RawInline("typst", ("#setin(%d)"):format(digits)) or nil
end

return { { Header = header }, { Div = div, Image = image, Math = formula, Span = set_in } }

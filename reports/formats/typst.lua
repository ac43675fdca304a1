-- Sets for Typst what pandoc's writer does not know: boxes, notes below tables, the size of pictures, and room beside numbers.

local TEXT_WIDTH = 470   -- points between the margins of page.typ

local function boxed(name, div)
  local content = pandoc.List { pandoc.RawBlock("typst", "#" .. name .. "[") }
  content:extend(div.content)
  content:insert(pandoc.RawBlock("typst", "]"))
  return content
end

local function div(element)
  if element.classes:includes("notice") then return boxed("notice", element) end
  if element.classes:includes("table-note") then return boxed("tablenote", element) end
end

local function quoted(text) return '"' .. text:gsub('[\\"]', "\\%0"):gsub("%s+", " ") .. '"' end

-- Pandoc's writer drops the words for those who do not see a picture, and a tagged PDF needs them.
local function image(element)
  local file = element.src:match("%.svg$") and io.open(element.src)
  local wide
  if file then
    local number, unit = file:read(2000):match('<svg[^>]-%swidth="([%d.]+)(%a*)"')
    wide = tonumber(number)
    if wide and unit ~= "pt" then wide = wide * 0.75 end   -- pixels of CSS
    file:close()
  end
  local width = (wide and wide < TEXT_WIDTH) and ("%.1fpt"):format(wide) or "100%"
  local words = pandoc.utils.stringify(element.caption)
  local code = ("#image(%s, width: %s, alt: %s)"):format(quoted(element.src), width, quoted(words))
  return pandoc.RawInline("typst", code)
end

local function formula(element)
  local code = pandoc.write(pandoc.Pandoc { pandoc.Plain { element } }, "typst"):gsub("%s+$", "")
  local block = element.mathtype == "DisplayMath" and "true" or "false"
  return pandoc.RawInline("typst", ("#math.equation(block: %s, alt: %s, %s)"):format(block, quoted(element.text), code))
end

-- As wide as digits of the font; neither read aloud nor copied.
local function set_in(span)
  local digits = tonumber((span.classes[1] or ""):match("^digits%-(%d)$"))
  return digits and pandoc.RawInline("typst", ("#setin(%d)"):format(digits)) or nil
end

return { { Div = div, Image = image, Math = formula, Span = set_in } }

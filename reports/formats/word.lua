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

return { { Image = image, Span = set_in } }

-- Sets for Word what differs there: pictures as pixels, in the size they were drawn.

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

return { { Image = image } }

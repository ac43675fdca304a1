-- Sets callouts: boxes that say which kind they are in words, and fold when collapse is given.
-- Runs before crossref.lua, because the heading that titles a callout is no section.

local CALLOUTS = { note = "Note", tip = "Tip", warning = "Warning", important = "Important", caution = "Caution" }

local function html(code) return pandoc.RawBlock("html", code) end

local function escaped(value) return (value:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" })) end

local function callout(div)
  local kind
  for _, class in ipairs(div.classes) do kind = kind or class:match("^callout%-(%l+)$") end
  if not kind then return nil end
  local head = div.content[1]
  local title
  if div.attributes.title then
    title = pandoc.utils.blocks_to_inlines(pandoc.read(div.attributes.title, "markdown").blocks)
  elseif head and head.t == "Header" then
    title = head.content
    div.content:remove(1)
  end
  local label = { pandoc.Span({ pandoc.Str(CALLOUTS[kind]) }, pandoc.Attr("", { "callout-kind" })) }
  if title then
    label[#label + 1] = pandoc.Space()
    label[#label + 1] = pandoc.Span(title, pandoc.Attr("", { "callout-title" }))
  end
  local collapse = div.attributes.collapse
  local id = div.identifier ~= "" and ' id="' .. escaped(div.identifier) .. '"' or ""
  local class = ' class="callout callout-' .. kind .. '"' .. id
  local result
  if collapse then
    local state = collapse == "false" and " open" or ""
    result = pandoc.List { html("<details" .. class .. state .. "><summary>"), pandoc.Plain(label), html("</summary>") }
  else
    result = pandoc.List { html("<div" .. class .. ' role="note"><p class="callout-head">'), pandoc.Plain(label), html("</p>") }
  end
  result:extend(div.content)
  result:insert(html(collapse and "</details>" or "</div>"))
  return result
end

return { { Div = callout } }

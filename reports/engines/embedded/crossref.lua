-- Numbers figures, tables and sections, resolves references to them, sets captions and contents.
-- A reference that leads nowhere is a warning "needle<TAB>sentence", as in check.lua, which runs before.

local NAMES = { fig = "Figure", tbl = "Table", sec = "Section" }
local problems = 0
local numbers = {}      -- id -> number as text
local numbered_sections = false

local function problem(needle, sentence)
  problems = problems + 1
  pandoc.log.warn(needle .. "\t" .. sentence)
end

local function kind_of(id)
  return (id:match("^(%l+)%-."))
end

-- Numbering ---------------------------------------------------------------------------------------

local function assign(id, number)
  if numbers[id] then problem(id, "the label #" .. id .. " is given twice; each must be unique") end
  numbers[id] = tostring(number)
end

-- A picture alone in its paragraph, with a label but no caption, is a figure too.
local function lone_picture(para)
  local image = #para.content == 1 and para.content[1]
  return image and image.t == "Image" and image or nil
end

local function as_figure(para)
  local image = lone_picture(para)
  if image and image.identifier:match("^fig%-") then
    local id = image.identifier
    image.identifier = ""
    return pandoc.Figure({ pandoc.Plain { image } }, {}, pandoc.Attr(id))
  end
end

local function number_all(doc)
  local counts = { fig = 0, tbl = 0 }
  local function float(element)
    local kind = kind_of(element.identifier)
    if counts[kind] then
      counts[kind] = counts[kind] + 1
      assign(element.identifier, counts[kind])
    end
  end
  doc.blocks:walk { traverse = "topdown", Div = float, Figure = float, Table = float }
  local sections = pandoc.structure.make_sections(doc.blocks, { number_sections = true })
  sections:walk {
    Div = function(section)   -- pandoc moves a heading's label and number to its section
      if section.classes:includes("section") and section.identifier:match("^sec%-.") then
        assign(section.identifier, section.attributes.number or section.content[1].attributes.number or "")
      end
    end,
  }
end

-- References and links ----------------------------------------------------------------------------

local function reference(citation)
  local id = citation.id
  if not numbers[id] then id = id:sub(1, 1):lower() .. id:sub(2) end   -- @Fig-x begins a sentence
  local number, kind = numbers[id], kind_of(id)
  if not number then
    problem("@" .. citation.id, "@" .. citation.id .. " refers to nothing: no " .. NAMES[kind]:lower() ..
      " of this page has the label #" .. id)
    return {}
  end
  if kind == "sec" and (number == "" or not numbered_sections) then
    problem("@" .. citation.id, "@" .. citation.id .. " needs numbered sections: set number-sections: true")
  end
  local text = pandoc.List {}
  if citation.mode ~= "SuppressAuthor" then
    text:extend(#citation.prefix > 0 and citation.prefix or { pandoc.Str(NAMES[kind]) })
    text:insert(pandoc.Str("\u{a0}"))
  end
  text:insert(pandoc.Str(number))
  text:extend(citation.suffix)
  return { pandoc.Link(text, "#" .. id, "", pandoc.Attr("", { "quarto-xref" })) }
end

local function cite(element)
  local ours, result = 0, pandoc.List {}
  for _, citation in ipairs(element.citations) do
    local kind = kind_of(citation.id:sub(1, 1):lower() .. citation.id:sub(2))
    if kind and NAMES[kind] then
      ours = ours + 1
      if #result > 0 then result:extend { pandoc.Str(","), pandoc.Space() } end
      result:extend(reference(citation))
    end
  end
  if ours == 0 then return nil end
  if ours < #element.citations then
    problem("@" .. element.citations[1].id, "one bracket mixes cross-references and literature; split it")
  end
  return result
end

local function image(element)
  local alt = element.attributes["fig-alt"]
  if alt then
    element.attributes["fig-alt"] = nil
    element.caption = { pandoc.Str(alt) }
  end
  -- A picture that is a file stays one, beside the page (pictures.py); pandoc embeds the rest.
  if FORMAT:match("^html") and not element.src:match("^data:") then element.attributes["data-external"] = "1" end
  return element
end

-- Figures and tables --------------------------------------------------------------------------

local function html(code) return pandoc.RawBlock("html", code) end

local function escaped(value) return (value:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" })) end

local function labelled(id, caption)
  local label = NAMES[kind_of(id)] .. "\u{a0}" .. numbers[id] .. (#caption > 0 and ":" or "")
  local title = pandoc.List { pandoc.Span({ pandoc.Str(label) }, pandoc.Attr("", { "caption-label" })), pandoc.Space() }
  title:extend(caption)
  return title
end

local function opening(id)
  return html('<figure class="float ' .. kind_of(id) .. '" id="' .. escaped(id) .. '">')
end

local function caption_line(id, caption)
  return { html('<figcaption id="' .. escaped(id) .. '-caption">'), pandoc.Plain(labelled(id, caption)), html("</figcaption>") }
end

-- Only a box with a name and a place in the tab order can be scrolled from the keyboard.
local function scroll_box(content, name)
  local box = pandoc.List { html('<div class="scroll" role="region" tabindex="0" ' .. name .. ">") }
  box:extend(content)
  box:insert(html("</div>"))
  return box
end

local function inlines_of(blocks) return pandoc.utils.blocks_to_inlines(blocks) end

local function figure_block(id, content, caption)
  local result = pandoc.List { opening(id) }
  result:extend(scroll_box(content, 'aria-labelledby="' .. escaped(id) .. '-caption"'))
  result:extend(caption_line(id, caption))
  result:insert(html("</figure>"))
  return result
end

local function table_block(id, content, caption)
  local result = pandoc.List { opening(id) }
  result:extend(caption_line(id, caption))
  result:extend(scroll_box(content, 'aria-labelledby="' .. escaped(id) .. '-caption"'))
  result:insert(html("</figure>"))
  return result
end

-- The last paragraph of a labelled block is its caption, unless it is the picture itself.
local function split_caption(content)
  local last = content[#content]
  if #content > 1 and last.t == "Para" and not lone_picture(last) then
    content:remove(#content)
    return last.content
  end
  local only = content[1]
  if only and only.caption then
    local caption = inlines_of(only.caption.long)
    only.caption.long = {}
    return caption
  end
  return {}
end

local function lay_out(doc)
  return doc:walk {
    traverse = "topdown",
    Div = function(div)
      local kind = kind_of(div.identifier)
      if kind == "tbl" and numbers[div.identifier] then
        local caption = split_caption(div.content)
        return table_block(div.identifier, div.content, caption), false
      elseif kind == "fig" and numbers[div.identifier] then
        local caption = split_caption(div.content)
        local content = div.content:map(function(block) return block.t == "Figure" and block.content[1] or block end)
        return figure_block(div.identifier, content, caption), false
      end
    end,
    Figure = function(figure)
      if numbers[figure.identifier] then
        return figure_block(figure.identifier, figure.content, inlines_of(figure.caption.long)), false
      end
      local name = escaped(pandoc.utils.stringify(figure.caption.long))
      figure.content = scroll_box(figure.content, 'aria-label="' .. (name ~= "" and name or "Figure") .. '"')
      return figure, false
    end,
    Table = function(tbl)
      local id = tbl.identifier
      if numbers[id] then
        local caption = inlines_of(tbl.caption.long)
        tbl.caption.long, tbl.identifier = {}, ""
        return table_block(id, { tbl }, caption), false
      end
      return scroll_box({ tbl }, 'aria-label="Table"'), false
    end,
    RawBlock = function(block)
      if block.text:match('role="region"') then return nil end   -- it has boxes of its own
      if block.format:match("^html") and block.text:match("<[tT][aA][bB][lL][eE]") and block.text:match("</[tT][aA][bB][lL][eE]") then
        return scroll_box({ block }, 'aria-label="Table"'), false
      end
    end,
  }
end

-- The contents are set twice, beside the text and above it, so their links must carry no identifiers.
local function contents(doc, depth)
  local sections = pandoc.structure.make_sections(doc.blocks, { number_sections = numbered_sections })
  local list = pandoc.structure.table_of_contents(sections, { toc_depth = depth, number_sections = numbered_sections })
  return list:walk { Link = function(entry) entry.identifier = "" return entry end }
end

-- For formats that lay out their floats themselves: each carries its label, "Table 1".
local function name_floats(doc)
  local function float(element)
    if numbers[element.identifier] and kind_of(element.identifier) ~= "sec" then
      element.attributes.label = NAMES[kind_of(element.identifier)] .. "\u{a0}" .. numbers[element.identifier]
      return element
    end
  end
  return doc:walk { Div = float, Figure = float, Table = float }
end

function Pandoc(doc)
  local options = doc.meta.embedded
  numbered_sections = options["number-sections"] == true
  doc = doc:walk { Para = as_figure }
  number_all(doc)
  doc = doc:walk { Cite = cite, Image = image }
  if problems > 0 then return pandoc.Pandoc({}, doc.meta) end
  if not FORMAT:match("^html") then return name_floats(doc) end
  if options.toc == true then
    local list = contents(doc, tonumber(pandoc.utils.stringify(options["toc-depth"])))
    if #list.content > 0 then doc.meta.contents = pandoc.MetaBlocks { list } end
  end
  return lay_out(doc)
end

-- In a document that stands alone a link to another page is its text.
function Link(link)
  if not link.target:match("^#") and not link.target:match("^%a[%w+.-]*:") then return link.content end
end

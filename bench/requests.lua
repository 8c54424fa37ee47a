-- wrk sends requests that were signed beforehand: wrk -s bench/requests.lua URL -- <file> [random|once]
-- At random, or each in turn, from the first again when they are all sent.
-- The file holds for each request its length in bytes, a newline, and the request as it goes over the wire.
local requests = {}
local once, sent = false, 0

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  while true do
    local length = file:read("*n")
    if not length then break end
    file:read(1)
    requests[#requests + 1] = file:read(length)
  end
  file:close()
  once = arguments[2] == "once"
  math.randomseed(os.time())
end

function request()
  if once then
    sent = sent % #requests + 1
    return requests[sent]
  end
  return requests[math.random(#requests)]
end

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "summary.lua")

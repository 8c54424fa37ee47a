-- wrk sends requests whose keys it draws itself: wrk -s bench/keys.lua URL -- <keys> {<file> <weight>}...
-- A file holds one request as it goes over the wire, with ######## in the place of each key: eight digits of a number
-- below <keys>. Each file is sent as often as its weight says.
local kinds, weights, keys = {}, 0, 0

local function read(name, weight)
  local file = assert(io.open(name, "rb"))
  local text, pieces, from = file:read("*a"), {}, 1
  file:close()
  while true do
    local at = text:find("########", from, true)
    if not at then break end
    pieces[#pieces + 1] = text:sub(from, at - 1)
    from = at + 8
  end
  pieces[#pieces + 1] = text:sub(from)
  weights = weights + weight
  kinds[#kinds + 1] = {pieces = pieces, upto = weights}
end

function init(arguments)
  keys = tonumber(arguments[1])
  for i = 2, #arguments, 2 do read(arguments[i], tonumber(arguments[i + 1])) end
  math.randomseed(os.time())
end

function request()
  local drawn, kind = math.random(weights), 1
  while drawn > kinds[kind].upto do kind = kind + 1 end
  local pieces, out = kinds[kind].pieces, {}
  for i = 1, #pieces do
    if i > 1 then out[#out + 1] = string.format("%08d", math.random(0, keys - 1)) end
    out[#out + 1] = pieces[i]
  end
  return table.concat(out)
end

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "summary.lua")

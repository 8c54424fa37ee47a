// The flags that people give Amazon's DynamoDB Local, as Shoal's own, so that a script or a compose file changes only
// the program's name:
//
//   -jar DynamoDBLocal.jar -inMemory -port 8001      becomes      --in-memory --port=8001
//
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.UsageNotes.html
#pragma once

#include <string>
#include <vector>

namespace shoal {

// The words of a command line without the program's name; those that are not DynamoDB Local's stay as they are. What
// the Java machine is told (-Xmx512m, -Djava.library.path=...) and what has no meaning here goes.
std::vector<std::string> from_dynamodb_local(const std::vector<std::string>& words);

}  // namespace shoal

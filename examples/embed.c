/* The smallest embedding in C: one engine in this program, one case from start to end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <switchboard.h>

static char* read_file(const char* path) {
  static char bytes[16384];
  FILE* file = fopen(path, "rb");
  if (file == NULL) return NULL;
  bytes[fread(bytes, 1, sizeof bytes - 1, file)] = 0;
  fclose(file);
  return bytes;
}

/* [worker] */
static void book_visit(void* user, const char* job, sb_reply* reply) {
  int* booked = user;
  printf("job: %.60s...\n", job); /* JSON: the work with its inputs */
  ++*booked;
  sb_reply_ok(reply, "{\"visit\": \"Monday\"}");
}
/* [worker] */

/* Any JSON library will do; the example only needs one text. */
static void first_text(const char* json, const char* key, char* to, size_t size) {
  char pattern[32];
  const char* from;
  snprintf(pattern, sizeof pattern, "\"%s\":\"", key);
  from = json == NULL ? NULL : strstr(json, pattern);
  to[0] = 0;
  if (from != NULL) snprintf(to, size, "%.*s", (int)strcspn(from + strlen(pattern), "\""), from + strlen(pattern));
}

int main(int argc, char** argv) {
  const char* yaml = read_file(argc > 1 ? argv[1] : "meter-check.yaml");
  char work[32];
  int booked = 0;
  if (yaml == NULL) return 2;
  /* [embed] */
  sb_engine* engine = NULL;
  char* answer = NULL; /* every call writes one JSON text here: its result, or the error */
  sb_status status = sb_open(NULL, NULL, NULL, &engine, &answer);
  sb_free(answer);
  if (status == SB_OK && (status = sb_deploy(engine, yaml, "meter-check.yaml", &answer)) == SB_OK) {
    sb_free(answer);
    status = sb_start(engine, "meter-check", "{\"customer_no\": \"1001\"}", NULL, NULL, &answer);
  }
  if (status != SB_OK) printf("%s: %s\n", sb_status_name(status), answer);
  sb_free(answer);
  /* [embed] */
  if (status != SB_OK) return 1;
  /* [drive] */
  sb_work_off(engine, "book-visit", book_visit, &booked, 10, NULL);
  sb_work(engine, "{\"group\": \"metering\"}", &answer);
  first_text(answer, "work", work, sizeof work);
  sb_free(answer);
  status = sb_complete(engine, work, "{\"error_percent\": 1.25}", "{\"by\": \"wang\"}", &answer);
  printf("%s\n", answer);
  sb_free(answer);
  sb_close(engine, NULL);
  /* [drive] */
  return status == SB_OK && booked == 1 ? 0 : 1;
}

"""register list | get | put | import | history, and processes that read and write rows."""
import driver

CUSTOMER = """switchboard: 1
register: customer
name: {en: Customers, zh: 客户}
key: customer_no
fields:
  customer_no: string
  name: {type: string, required: true}
  debt: {type: number, min: 0}
  big: boolean
  suspended: {type: counter, per: year}
"""

CUT = """switchboard: 1
process: cut
calendar: 24x7@Asia/Shanghai
data:
  customer_no: {type: string, required: true}
  debt: number
nodes:
  s: {type: startEvent, next: look}
  look: {type: serviceTask, register: {read: customer, key: customer_no}, out: {debt: debt}, next: note}
  note: {type: serviceTask, register: {write: customer, key: customer_no, set: {debt: '0'}, add: {suspended: '1'}}, next: e}
  e: {type: endEvent}
"""


class Registers(driver.Case):
    def setUp(self):
        super().setUp()
        self.write("customer.yaml", CUSTOMER)
        self.write("cut.yaml", CUT)

    def test_checked_deployed_read_and_written(self):
        self.ok("check", ".")
        self.assertIn("stored customer.yaml", self.ok("deploy", "cut.yaml", "customer.yaml").out)
        self.ok("register", "put", "customer", "1001", "--data", '{"name": "Li", "debt": 50}', "--by", "wang")
        self.ok("start", "cut", "--case", "A", "--data", '{"customer_no": "1001"}')
        row = self.ok_json("register", "get", "customer", "1001")
        self.assertEqual((row["version"], row["instance"], row["fields"]["debt"], row["fields"]["suspended"]), (2, "i-1", 0, 1))
        self.assertEqual([r["by"] for r in self.ok_json("register", "history", "customer", "1001")], ["wang", None])
        self.assertIn("1001", self.ok("register", "list", "customer").out)
        self.assertIn("reads", self.ok("history", "i-1").out)
        self.assertIn("register", self.ok("deployments", "--resources").out)
        self.ok("fsck")

    def test_import_of_lines_and_csv(self):
        self.ok("deploy", "customer.yaml")
        self.write("rows.jsonl", '{"customer_no": "1", "name": "a", "debt": 1}\n\n{"customer_no": "2"}\nnonsense\n{"customer_no": "3", "name": "c"}\n')
        answer = self.run_it("register", "import", "customer", "rows.jsonl")
        self.assertEqual(answer.code, 1)
        self.assertEqual(answer.out, "4 rows read: 2 written, 0 unchanged, 2 refused\n")
        self.assertIn("rows.jsonl:3: register 'customer', key '2': field 'name' is required", answer.err)
        self.assertIn("rows.jsonl:4: ", answer.err)
        self.write("rows.csv", '\ufeffcustomer_no,name,debt,big\n1,a,1,\n4,"Li, ""the"" one",2.5,true\n5,two\n6,"over\ntwo lines",,false\n7,x,much,\n')
        answer = self.run_it("register", "import", "customer", "rows.csv")
        self.assertEqual(answer.out, "5 rows read: 2 written, 1 unchanged, 2 refused\n")
        self.assertIn("rows.csv:4: 2 cells under 4 headings [SB0585]", answer.err)
        self.assertIn("rows.csv:7: register 'customer', key '7': field 'debt'", answer.err)
        row = self.ok_json("register", "get", "customer", "4")["fields"]
        self.assertEqual((row["name"], row["debt"], row["big"]), ('Li, "the" one', 2.5, True))
        self.assertEqual(self.ok_json("register", "get", "customer", "6")["fields"]["name"], "over\ntwo lines")
        self.assertEqual([r["key"] for r in self.ok_json("register", "list", "customer", "--after", "1", "--limit", "2")], ["3", "4"])

    def test_refusals(self):
        self.ok("deploy", "customer.yaml")
        self.refused(1, "register", "get", "customar", "1", says=["SB0580", "did you mean 'customer'?"])
        self.refused(1, "register", "get", "customer", "1", says=["SB0584"])
        self.refused(1, "register", "put", "customer", "1", "--data", '{"nam": "x"}', says=["SB0581", "did you mean 'name'?"])
        self.refused(2, "register", "put", "customer", "1", says=["--data"])
        self.refused(2, "register", "put", "customer", says=["key"])
        self.refused(1, "register", "import", "customer", "nowhere.csv", says=["SB0703"])
        self.write("bad.yaml", CUT.replace("process: cut", "process: bad").replace("set: {debt: '0'}", "set: {dept: '0', suspended: '1'}"))
        found = self.run_it("check", "bad.yaml").out
        self.assertIn("SB0198", found)
        self.assertIn("did you mean `debt`?", found)
        self.write("lost.yaml", CUT.replace("process: cut", "process: lost").replace("read: customer", "read: custommer"))
        self.assertIn("did you mean 'customer'?", self.run_it("check", "lost.yaml").out)
        self.assertIn("SB0197", self.run_it("check", "lost.yaml").out)


if __name__ == "__main__":
    driver.main()

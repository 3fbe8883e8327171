# Messages in Peewee. Ctrl+Enter runs all, Shift+Enter the
# statement at the caret.
person = Person.select().order_by(Person.name).first()

# A backref is a query.
[message.text for message in person.sent]
person.received.count()

# A join says which way: there are two from Message to
# Person.
query = (
    Message.select(Message.text, Person.name)
    .join(Person, on=Message.sender)
    .order_by(Message.id)
)
for message in query:
    print(message.sender.name, message.text)

# Without it, one statement for each message:
# see the note.
for message in Message.select():
    print(message.sender.name)

# Counting what is not there takes a left outer join.
from peewee import JOIN, fn

Person.select(
    Person.name, fn.COUNT(Message.id).alias("sent")
).join(
    Message, JOIN.LEFT_OUTER, on=Message.sender
).group_by(
    Person.id
).dicts()

# Many to many through a table that nobody wrote.
label, is_new = Label.get_or_create(name="urgent")
message = Message.select().first()
if is_new:
    message.labels.add(label)
[each.name for each in message.labels]

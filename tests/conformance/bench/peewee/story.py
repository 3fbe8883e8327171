def story():
    roles = [Role.create(name=name) for name in ("cook", "guide", "guard")]
    for number in range(5):
        member = Member.create(name=f"member {number}")
        MemberRole.insert_many([{"member": member, "role": role} for role in roles[: number % 3 + 1]]).execute()
        mine = Role.select().join(MemberRole).where(MemberRole.member == member)
        [role.name for role in mine]
        mine.count()
    cook = Role.select().where(Role.name == "cook").first()
    [member.name for member in Member.select().join(MemberRole).where(MemberRole.role == cook).order_by(Member.name)]
    Member.select().join(MemberRole).join(Role).where(Role.name == "guard").count()
    for number in range(4):
        writer = Writer.create(name=f"writer {number}")
        for part in range(4):
            Novel.create(title=f"part {part}", writer=writer)
        [novel.title for novel in writer.novels]
        writer.novels.where(Novel.title.contains("1")).exists()
    for novel in Novel.select(Novel, Writer).join(Writer).order_by(Novel.title).limit(10):
        novel.writer.name
    [writer.name for writer in Writer.select().join(Novel).where(Novel.title == "part 2").distinct()]
    for writer in prefetch(Writer.select(), Novel.select()):
        len(writer.novels)
    Novel.update(title="prologue").where(Novel.title == "part 0").execute()
    Novel.delete().execute()
    Writer.delete().execute()
    Member.delete().execute()
    Role.delete().execute()

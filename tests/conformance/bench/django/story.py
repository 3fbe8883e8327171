def story():
    roles = [Role.objects.create(name=name) for name in ("cook", "guide", "guard")]
    for number in range(5):
        member = Member.objects.create(name=f"member {number}")
        member.roles.add(*roles[: number % 3 + 1])
        [role.name for role in member.roles.all()]
        member.roles.count()
    cook = Role.objects.filter(name="cook").first()
    [member.name for member in cook.members.order_by("name")]
    Member.objects.filter(roles__name="guard").count()
    for number in range(4):
        writer = Writer.objects.create(name=f"writer {number}")
        for part in range(4):
            Novel.objects.create(title=f"part {part}", writer=writer)
        [novel.title for novel in writer.novels.all()]
        writer.novels.filter(title__contains="1").exists()
    for novel in Novel.objects.select_related("writer").order_by("title")[:10]:
        novel.writer.name
    [writer.name for writer in Writer.objects.filter(novels__title="part 2").distinct()]
    for writer in Writer.objects.prefetch_related("novels"):
        len(writer.novels.all())
    Novel.objects.filter(title="part 0").update(title="prologue")
    Novel.objects.all().delete()
    Writer.objects.all().delete()
    Member.objects.all().delete()
    Role.objects.all().delete()

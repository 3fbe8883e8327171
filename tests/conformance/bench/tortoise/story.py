async def story():
    roles = [await Role.create(name=name) for name in ("cook", "guide", "guard")]
    for number in range(5):
        member = await Member.create(name=f"member {number}")
        await member.roles.add(*roles[: number % 3 + 1])
        [role.name for role in await member.roles.all()]
        await member.roles.all().count()
    cook = await Role.filter(name="cook").first()
    [member.name for member in await cook.members.order_by("name")]
    await Member.filter(roles__name="guard").count()
    for number in range(4):
        writer = await Writer.create(name=f"writer {number}")
        for part in range(4):
            await Novel.create(title=f"part {part}", writer=writer)
        [novel.title for novel in await writer.novels.all()]
        await writer.novels.filter(title__contains="1").exists()
    for novel in await Novel.all().select_related("writer").order_by("title").limit(10):
        novel.writer.name
    [writer.name for writer in await Writer.filter(novels__title="part 2").distinct()]
    for writer in await Writer.all().prefetch_related("novels"):
        len(writer.novels)
    await Novel.filter(title="part 0").update(title="prologue")
    await Novel.all().delete()
    await Writer.all().delete()
    await Member.all().delete()
    await Role.all().delete()
